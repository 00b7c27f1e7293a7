"""What pages show of a contact."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import stringfilter

from emailhub.accounts.models import Advisor
from emailhub.desk.importing.reasons import RowError
from emailhub.desk.permissions import may_manage_contacts
from emailhub.desk.phones import show_phone

from ..import_words import explain

register = template.Library()


@register.filter
@stringfilter
def phone(number: str) -> str:
    """A number, or what somebody typed for one, in groups."""
    return show_phone(number)


@register.filter
def manages_contacts(advisor: Advisor) -> bool:
    """Whether the advisor may import, export and erase contacts."""
    return may_manage_contacts(advisor)


@register.filter
def explained(error: RowError) -> str:
    """Why a row of an import cannot be taken."""
    return explain(error.reason, error.detail)

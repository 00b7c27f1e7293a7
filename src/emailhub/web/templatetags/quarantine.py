"""The rail's line for mail in quarantine: there only while there is any, for who is answerable for it."""

from __future__ import annotations

from django import template
from django.template.context import Context

from emailhub.accounts.models import Advisor
from emailhub.intake.quarantine import quarantined

register = template.Library()


@register.inclusion_tag("emailhub/quarantine/_place.html", takes_context=True)
def quarantine_place(context: Context) -> dict[str, object]:
    """A link with the number of mails, or nothing."""
    request = context.get("request")
    return {
        "count": _count(context.get("advisor")),
        "is_current": request is not None and request.path == "/quarantine/",
    }


def _count(advisor: object) -> int:
    """Asks the database only for who may be answerable."""
    if not isinstance(advisor, Advisor) or not (advisor.is_admin or advisor.manages_any()):
        return 0
    return quarantined(advisor).count()

"""Held and received mail in templates: numbers by fate, where "Undo" of a toast goes, the rail's line."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.template import Context

from emailhub.accounts.models import Advisor
from emailhub.desk.models import Contact
from emailhub.intake.held import held_from

from ..held_page import held_count

register = template.Library()


@register.filter
def of_fate(counts: Mapping[str, int], fate: str) -> int:
    """How many have this fate."""
    return counts.get(str(fate), 0)


@register.filter
def undo_url(tags: str) -> str:
    """Where a toast's "Undo" goes, if its message offers one: `extra_tags` is "undo /held/9/discard/"."""
    verb, _, url = (tags or "").partition(" ")
    return url.split(" ")[0] if verb == "undo" else ""


@register.inclusion_tag("emailhub/held/_of_contact.html", takes_context=True)
def held_of_contact(context: Context, contact: Contact) -> dict[str, object]:
    """An offer to let in what is held from somebody who is known by now."""
    known = contact.confirmed_at is not None and context["advisor"].may_write
    count = held_from(contact, context["advisor"]).count() if known else 0
    return {"contact": contact, "count": count, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("emailhub/held/_place.html", takes_context=True)
def held_place(context: Context) -> dict[str, object]:
    """The rail's line of held mail, for who may decide on it."""
    request, advisor = context.get("request"), context.get("advisor")
    may_see = isinstance(advisor, Advisor) and advisor.may_write
    return {
        "may_see": may_see,
        "count": held_count(advisor) if isinstance(advisor, Advisor) and may_see else 0,
        "is_current": request is not None and request.path.startswith("/held/"),
    }

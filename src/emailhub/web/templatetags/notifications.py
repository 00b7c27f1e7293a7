"""The bell: how many notifications one has not read. It costs no question of its own."""

from __future__ import annotations

from django import template
from django.template import Context

from emailhub.accounts.models import Advisor
from emailhub.desk.notifications import SHOWN, count_unread

register = template.Library()


@register.filter
def unread_count(advisor: Advisor) -> str:
    """The number as it is shown; nothing for none."""
    count = count_unread(advisor)
    return f"{SHOWN - 1}+" if count >= SHOWN else str(count or "")


@register.inclusion_tag("emailhub/notifications/_place.html", takes_context=True)
def notifications_place(context: Context) -> dict[str, object]:
    """The rail's line."""
    request, advisor = context.get("request"), context.get("advisor")
    return {
        "count": unread_count(advisor) if isinstance(advisor, Advisor) else "",
        "is_current": request is not None and request.path == "/notifications/",
    }

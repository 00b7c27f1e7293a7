"""The menu beside the pages of Manage, and whether the rail leads there."""

from __future__ import annotations

from django import template
from django.template import Context

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage_any, settled_teams

from ..manage import Menu, build_menu

register = template.Library()


@register.simple_tag(takes_context=True)
def manage_menu(context: Context) -> Menu:
    """The menu of the page that is drawn. `team` in its context says whose page it is."""
    team = context.get("team")
    route = context["request"].resolver_match.url_name
    return build_menu(context["advisor"], route, team if isinstance(team, Team) else None)


@register.filter
def manages(advisor: object) -> bool:
    """Whether *Manage* has anything for this advisor, be it only to look at."""
    return isinstance(advisor, Advisor) and (may_manage_any(advisor) or bool(settled_teams(advisor)))

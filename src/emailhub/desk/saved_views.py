"""Lists that are kept under a name, for oneself or for a team."""

from __future__ import annotations

from typing import TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require

from .errors import DeskError, NoNameError
from .models import SavedView

AT_MOST = 50  # of one's own, and of each team


class TooManyViewsError(DeskError):
    """A rail of hundreds of lists helps nobody."""

    def __str__(self) -> str:
        return _("There are %(number)s saved views already: delete one first.") % {"number": AT_MOST}


class Kept(TypedDict):
    """A saved view as the rail shows it."""

    id: int
    name: str
    query: str
    team: int | None
    advisor: int


def saved_view_rows() -> ArraySubquery:
    """An annotation of advisors, `saved_view_rows`: their own views and all of teams, by name.

    With it no page asks for them by itself. Which of the teams' views an advisor sees, view_rows_of() says.
    """
    mine = Q(team__isnull=True, advisor=OuterRef("pk")) | Q(team__isnull=False)
    views = SavedView.objects.filter(mine, company=OuterRef("company")).order_by("name", "pk")
    row = JSONObject(id="pk", name="name", query="query", team="team_id", advisor="advisor_id")
    return ArraySubquery(views.values(row=row))


def view_rows_of(advisor: Advisor) -> list[Kept]:
    """What stands in the rail of an annotated advisor: their own, and those of the teams that they read."""
    rows: list[Kept] = getattr(advisor, "saved_view_rows", [])
    readable = advisor.readable_team_ids()
    return [row for row in rows if row["team"] is None or row["team"] in readable]


def visible_views(advisor: Advisor) -> QuerySet[SavedView]:
    """The same as rows of the table."""
    mine = Q(team__isnull=True, advisor=advisor) | Q(team__in=advisor.readable_team_ids())
    return SavedView.objects.filter(mine, company_id=advisor.company_id)


def save_view(name: str, query: str, *, team: Team | None, by: Advisor) -> SavedView:
    """Keep a list. Raises NotPermittedError (not their team), NoNameError, TooManyViewsError."""
    require(team is None or team.pk in by.writable_team_ids())
    name = " ".join(name.split())[:50].strip()
    if not name:
        raise NoNameError
    owned = SavedView.objects.filter(team=team) if team else SavedView.objects.filter(team=None, advisor=by)
    if owned.count() >= AT_MOST:
        raise TooManyViewsError
    return SavedView.objects.create(
        company_id=by.company_id, advisor=by, team=team, name=name, query=query[:500]
    )


def may_delete_view(view: SavedView, advisor: Advisor) -> bool:
    """Who made it; a team's also its managers."""
    if view.team is None or view.advisor_id == advisor.pk:
        return view.advisor_id == advisor.pk
    return may_manage(advisor, view.team)


def delete_view(view: SavedView, *, by: Advisor) -> None:
    """Raises NotPermittedError."""
    require(may_delete_view(view, by))
    view.delete()

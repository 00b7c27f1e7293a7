"""The rail on the left: views and teams, each with its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import manageable_team_ids
from emailhub.desk.counts import Counts, view_counts
from emailhub.desk.saved_views import Kept, view_rows_of

from .listing import TITLES, Listing, View

_ICONS: Mapping[View, str] = {
    View.MINE: "user",
    View.UNASSIGNED: "nobody",
    View.OPEN: "open",
    View.WAITING: "clock",
    View.SNOOZED: "calendar",
    View.CLOSED: "done",
    View.ALL: "all",
}
_KEYS: Mapping[View, str] = {
    View.MINE: "g m",
    View.UNASSIGNED: "g u",
    View.OPEN: "g o",
    View.WAITING: "g w",
    View.SNOOZED: "g z",
    View.CLOSED: "g c",
    View.ALL: "g a",
}


@dataclass(frozen=True)
class Place:
    """A line of the rail."""

    label: str | Promise
    icon: str
    query: str
    count: int | None = None
    key: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class SavedPlace(Place):
    """A list that somebody keeps there."""

    id: int = 0
    can_be_deleted: bool = False


@dataclass(frozen=True)
class Rail:
    views: tuple[Place, ...]
    teams: tuple[Place, ...]
    saved: tuple[SavedPlace, ...] = ()

    @property
    def current_view(self) -> SavedPlace | None:
        return next((place for place in self.saved if place.is_current), None)


def build_rail(advisor: Advisor, current: Listing | None) -> Rail:
    """The rail of what an advisor may read. `current` is the list that the page shows."""
    counts, teams = view_counts(advisor), advisor.readable_teams()
    return Rail(
        views=tuple(
            _view(view, counts, current) for view in View if view != View.ALL or _reads_all(advisor, teams)
        ),
        teams=tuple(_team(team, counts, current) for team in teams),
        saved=tuple(_saved(row, advisor, current) for row in view_rows_of(advisor)),
    )


def _saved(row: Kept, advisor: Advisor, current: Listing | None) -> SavedPlace:
    mine = row["advisor"] == advisor.pk
    managed = row["team"] is not None and row["team"] in manageable_team_ids(advisor)
    return SavedPlace(
        label=row["name"],
        icon="team" if row["team"] else "filter",
        query=row["query"],
        is_current=current is not None and current.query() == row["query"],
        id=row["id"],
        can_be_deleted=mine or managed,
    )


def _view(view: View, counts: Counts, current: Listing | None) -> Place:
    is_current = current is not None and current.team_id is None and current.view == view
    return Place(
        TITLES[view], _ICONS[view], Listing(view).query(), _count(view, counts), _KEYS[view], is_current
    )


def _team(team: Team, counts: Counts, current: Listing | None) -> Place:
    is_current = current is not None and current.team_id == team.id
    return Place(
        team.name, "inbox", Listing(team_id=team.id).query(), counts.teams.get(team.id, 0), "", is_current
    )


def _count(view: View, counts: Counts) -> int | None:
    match view:
        case View.MINE:
            return counts.mine
        case View.UNASSIGNED:
            return counts.unassigned
        case View.OPEN:
            return counts.open
        case View.WAITING:
            return counts.waiting
        case View.SNOOZED:
            return counts.snoozed
        case View.CLOSED | View.ALL:
            return None


def _reads_all(advisor: Advisor, teams: list[Team]) -> bool:
    """Whether the advisor reads more than the teams of which they are a member."""
    return {team.id for team in teams} > advisor.team_ids() or advisor.is_admin

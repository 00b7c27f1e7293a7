"""A team's connections as its EmailHub page shows them, and the banner where one stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_read_settings
from emailhub.delivery.connection_work import STANDS_STILL_AFTER, standing_still
from emailhub.delivery.models import Connection
from emailhub.hub.connection_words import Problem, problem_of
from emailhub.hub.probes import probes_to

from .moments import moment
from .probe_words import ProbeLine, probe_line

State = Connection.State
MAILBOXES = (Connection.Kind.IMAP, Connection.Kind.GRAPH)
_EXPIRES_SOON = timedelta(days=14)


@dataclass(frozen=True)
class ConnectionLine:
    """One connection: how it does, and what to do about it."""

    row: Connection
    problem: Problem | None
    behind: timedelta | None  # since it was last looked into, where that is too long
    expires_soon: bool
    test: ProbeLine | None
    can_be_tested: bool

    @property
    def minutes_behind(self) -> int:
        return round(self.behind.total_seconds() / 60) if self.behind else 0

    @property
    def tone(self) -> str:
        """ok, waiting or warn."""
        if self.problem is not None:
            return "warn"
        return "waiting" if self.row.state == State.NEW else "ok"


@dataclass(frozen=True)
class Standstill:
    """A line of the banner. `url` leads to the remedy, for whoever may see the settings."""

    team: str
    name: str
    problem: Problem
    since: str  # words
    url: str


def connection_lines(team: Team, *, now: datetime) -> list[ConnectionLine]:
    """The team's connections and the company's, those in use first."""
    rows = (
        Connection.objects.filter(Q(team=team) | Q(team=None)).exclude(state=State.OFF).order_by("kind", "id")
    )
    return [_line(row, team, now) for row in rows]


def standstills(advisor: Advisor) -> list[Standstill]:
    """What stands still of the advisor's teams."""
    teams = {team.pk: team for team in advisor.company_teams if team.pk in advisor.team_ids()}
    now = timezone.now()
    rows = Connection.objects.filter(standing_still(now), Q(team__in=teams) | Q(team=None))
    return [_standstill(row, teams, advisor, now) for row in rows.order_by("id")[:5]]


def _standstill(row: Connection, teams: dict[int, Team], advisor: Advisor, now: datetime) -> Standstill:
    team = teams.get(row.team_id or 0)
    may_look = team is not None and may_read_settings(advisor, team)
    url = f"{reverse('emailhub', args=[team.pk])}#connections" if team is not None and may_look else ""
    began = row.failing_since or row.due_at
    since = moment(began, now=now) if began else ""
    return Standstill(team.name if team else "", row.name, problem_of(row), since, url)


def _line(row: Connection, team: Team, now: datetime) -> ConnectionLine:
    is_late = (
        row.state == State.WORKING and row.due_at is not None and now - row.due_at > 2 * STANDS_STILL_AFTER
    )
    can_be_tested = row.kind in MAILBOXES
    tests = probes_to(team, row.name)[:1] if can_be_tested else []
    fails = bool(row.problem) or is_late
    return ConnectionLine(
        row=row,
        problem=problem_of(row) if fails else None,
        behind=now - row.checked_at if fails and row.checked_at else None,
        expires_soon=row.expires_at is not None and row.expires_at - now < _EXPIRES_SOON,
        test=next((probe_line(probe, now=now) for probe in tests), None),
        can_be_tested=can_be_tested,
    )

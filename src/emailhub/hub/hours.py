"""Whether a team is open at an instant, since when it is closed and when it opens again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db import transaction

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require

from .opening import MIDNIGHT, Holiday, OpeningHours

_DAY = timedelta(days=1)
_HORIZON = 370  # days: whoever is closed for longer than a year has no next opening


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of a weekday (0 is Monday). `closes_at` 00:00 is the end of the day."""

    weekday: int
    opens_at: time
    closes_at: time


ALWAYS = tuple(Period(weekday, MIDNIGHT, MIDNIGHT) for weekday in range(7))


@dataclass(frozen=True)
class Hours:
    """A team's week and holidays in its time zone. All questions take and give aware instants."""

    zone: ZoneInfo
    periods: tuple[Period, ...] = ALWAYS
    holidays: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        return any(opens <= at < closes for opens, closes in self._stretches(at, -1, 1))

    def opens_next(self, at: datetime) -> datetime | None:
        """When a team that is closed at `at` opens; None if it does not within a year."""
        return next((opens for opens, _ in self._stretches(at, 0, _HORIZON) if opens > at), None)

    def closed_since(self, at: datetime) -> datetime | None:
        """The start of the closed period that holds `at`: its name, if one may answer once a period.

        None if the team is open at `at`, or was closed for a year before.
        """
        if self.is_open(at):
            return None
        before = [closes for _, closes in self._stretches(at, -_HORIZON, 0) if closes <= at]
        return max(before, default=None)

    def _stretches(self, at: datetime, first: int, last: int) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches, in order, of the days around an instant."""
        today = at.astimezone(self.zone).date()
        for offset in range(first, last + 1):
            day = today + offset * _DAY
            if day not in self.holidays:
                yield from (self._on(day, period) for period in self._of(day))

    def _of(self, day: date) -> list[Period]:
        return sorted(period for period in self.periods if period.weekday == day.weekday())

    def _on(self, day: date, period: Period) -> tuple[datetime, datetime]:
        """In UTC: instants of one zone would be compared by their wall clocks, also where it is set back."""
        last = day + _DAY if period.closes_at == MIDNIGHT else day
        opens = datetime.combine(day, period.opens_at, self.zone)
        closes = datetime.combine(last, period.closes_at, self.zone)
        return opens.astimezone(UTC), closes.astimezone(UTC)


class OverlapError(Exception):
    """Two stretches of one day overlap, or one ends before it begins. Nothing was changed."""


def hours_of(team: Team) -> Hours:
    """The team's hours as they are now."""
    rows = OpeningHours.objects.filter(team=team).order_by("weekday", "opens_at")
    periods = tuple(Period(row.weekday, row.opens_at, row.closes_at) for row in rows)
    holidays = Holiday.objects.filter(team=team).values_list("on", flat=True)
    return Hours(ZoneInfo(team.zone_name), periods or ALWAYS, frozenset(holidays))


def set_hours(team: Team, periods: Sequence[Period], *, by: Advisor, now: datetime) -> None:
    """Make this the team's week. None: open at every hour. Raises OverlapError."""
    require(may_manage(by, team))
    wanted = sorted(set(periods))
    _refuse_overlaps(wanted)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)  # of two at once the second replaces the first's
        before = _week(team)
        OpeningHours.objects.filter(team=team).delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(
                company_id=team.company_id,
                team=team,
                weekday=period.weekday,
                opens_at=period.opens_at,
                closes_at=period.closes_at,
            )
            for period in wanted
        )
        audit.record(
            audit.Kind.HOURS, team.name, by=by, at=now, team=team, hours=audit.Change(before, _week(team))
        )


def add_holiday(team: Team, on: date, name: str, *, by: Advisor, now: datetime) -> None:
    """Close the team on a day. A day that is one already takes the new name."""
    require(may_manage(by, team))
    with transaction.atomic():
        Holiday.objects.update_or_create(
            company_id=team.company_id, team=team, on=on, defaults={"name": name.strip()[:100]}
        )
        audit.record(
            audit.Kind.HOURS, team.name, by=by, at=now, team=team, holiday=audit.Change("", on.isoformat())
        )


def remove_holiday(holiday: Holiday, *, by: Advisor, now: datetime) -> None:
    """Open the team on that day again as in any week."""
    team = holiday.team
    require(may_manage(by, team))
    with transaction.atomic():
        on = holiday.on.isoformat()
        holiday.delete()
        audit.record(audit.Kind.HOURS, team.name, by=by, at=now, team=team, holiday=audit.Change(on, ""))


def _refuse_overlaps(periods: Sequence[Period]) -> None:
    for period in periods:
        if period.closes_at != MIDNIGHT and period.closes_at <= period.opens_at:
            raise OverlapError
    for first, second in pairwise(periods):
        if first.weekday == second.weekday and (
            first.closes_at == MIDNIGHT or first.closes_at > second.opens_at
        ):
            raise OverlapError


def _week(team: Team) -> str:
    """The week in one line, for the audit."""
    rows = OpeningHours.objects.filter(team=team).order_by("weekday", "opens_at")
    return ", ".join(f"{row.weekday + 1} {row.opens_at:%H:%M}-{row.closes_at:%H:%M}" for row in rows)

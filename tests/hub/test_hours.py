"""When a team is open. Times are read on the wall of the team's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from emailhub.accounts.models import AuditEntry
from emailhub.accounts.permissions import NotPermittedError
from emailhub.hub.hours import (
    ALWAYS,
    Hours,
    OverlapError,
    Period,
    add_holiday,
    hours_of,
    remove_holiday,
    set_hours,
)
from emailhub.hub.models import Holiday
from tests.cast import Cast

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WEEK = tuple(
    period
    for weekday in range(5)
    for period in (Period(weekday, time(8), time(13)), Period(weekday, time(15), time(18)))
)


def madrid(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=MADRID, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (madrid(2026, 11, 24, 8, 0), True),
        (madrid(2026, 11, 24, 7, 59), False),
        (madrid(2026, 11, 24, 12, 59), True),
        (madrid(2026, 11, 24, 13, 0), False),
        (madrid(2026, 11, 24, 16, 0), True),
        (madrid(2026, 11, 28, 10, 0), False),  # a Saturday
    ],
)
def test_a_team_is_open_from_its_first_minute_to_before_its_last(at: datetime, is_open: bool) -> None:
    assert Hours(MADRID, WEEK).is_open(at) is is_open


def test_over_a_weekend_it_is_closed_since_friday_evening_until_monday_morning() -> None:
    hours, at = Hours(MADRID, WEEK), madrid(2026, 11, 29, 11, 0)
    assert hours.closed_since(at) == madrid(2026, 11, 27, 18, 0)
    assert hours.opens_next(at) == madrid(2026, 11, 30, 8, 0)


def test_a_holiday_joins_the_nights_around_it_into_one_closed_period() -> None:
    hours = Hours(MADRID, WEEK, frozenset({date(2026, 12, 8)}))
    evening, holiday = madrid(2026, 12, 7, 22, 0), madrid(2026, 12, 8, 10, 0)
    assert not hours.is_open(holiday)
    assert hours.closed_since(evening) == hours.closed_since(holiday) == madrid(2026, 12, 7, 18, 0)
    assert hours.opens_next(holiday) == madrid(2026, 12, 9, 8, 0)


def test_open_there_is_no_closed_period() -> None:
    assert Hours(MADRID, WEEK).closed_since(madrid(2026, 11, 24, 9, 0)) is None


def test_hours_that_end_at_midnight_go_on_into_the_next_day() -> None:
    hours = Hours(MADRID, (Period(4, time(22), time(0)), Period(5, time(0), time(6))))
    assert hours.is_open(madrid(2026, 11, 27, 23, 59))
    assert hours.is_open(madrid(2026, 11, 28, 0, 0))
    assert hours.closed_since(madrid(2026, 11, 28, 6, 0)) == madrid(2026, 11, 28, 6, 0)


def test_where_the_clock_is_set_back_the_night_is_an_hour_longer() -> None:
    """25 October 2026, 03:00 summer time is 02:00 winter time: the wall shows 02:30 twice."""
    hours = Hours(MADRID, (Period(6, time(1), time(2, 45)),))
    assert hours.is_open(madrid(2026, 10, 25, 2, 30, fold=0))
    assert not hours.is_open(madrid(2026, 10, 25, 2, 50, fold=0))


def test_who_is_closed_for_more_than_a_year_has_no_next_opening() -> None:
    every_day = frozenset(date.fromordinal(date(2026, 1, 1).toordinal() + day) for day in range(1000))
    hours = Hours(MADRID, WEEK, every_day)
    assert hours.opens_next(NOW) is None


def test_a_team_without_hours_is_always_open_but_on_its_holidays(inside: Cast) -> None:
    hours = hours_of(inside.service)
    assert hours.periods == ALWAYS
    assert hours.is_open(NOW)
    add_holiday(inside.service, date(2026, 11, 24), "Fair", by=inside.ana, now=NOW)
    assert not hours_of(inside.service).is_open(NOW)
    assert hours_of(inside.service).opens_next(NOW) == madrid(2026, 11, 25, 0, 0)


def test_the_week_that_a_manager_sets_replaces_the_former_one_and_is_kept_in_the_audit(inside: Cast) -> None:
    set_hours(inside.service, WEEK, by=inside.ana, now=NOW)
    set_hours(inside.service, WEEK[:1], by=inside.ana, now=NOW)
    assert hours_of(inside.service).periods == WEEK[:1]
    last = AuditEntry.objects.latest("id")
    assert (last.kind, last.by, last.team) == ("hours", inside.ana, inside.service)
    assert last.changes["hours"][1] == "1 08:00-13:00"


@pytest.mark.parametrize(
    "periods",
    [
        [Period(0, time(8), time(12)), Period(0, time(11), time(15))],
        [Period(0, time(22), time(0)), Period(0, time(23), time(23, 30))],
        [Period(0, time(12), time(12))],
        [Period(0, time(12), time(8))],
    ],
)
def test_hours_that_overlap_or_end_before_they_begin_are_refused(inside: Cast, periods: list[Period]) -> None:
    set_hours(inside.service, WEEK, by=inside.ana, now=NOW)
    with pytest.raises(OverlapError):
        set_hours(inside.service, periods, by=inside.ana, now=NOW)
    assert hours_of(inside.service).periods == WEEK


def test_only_who_manages_the_team_changes_its_hours(inside: Cast) -> None:
    add_holiday(inside.service, date(2026, 12, 24), "", by=inside.olga, now=NOW)
    for advisor in (inside.ben, inside.vera, inside.pat):
        with pytest.raises(NotPermittedError):
            set_hours(inside.service, WEEK, by=advisor, now=NOW)
        with pytest.raises(NotPermittedError):
            add_holiday(inside.service, date(2026, 12, 24), "", by=advisor, now=NOW)
        with pytest.raises(NotPermittedError):
            remove_holiday(Holiday.objects.get(), by=advisor, now=NOW)
    assert hours_of(inside.service) == Hours(MADRID, ALWAYS, frozenset({date(2026, 12, 24)}))


def test_a_holiday_that_is_taken_away_is_a_day_like_any_other(inside: Cast) -> None:
    add_holiday(inside.service, date(2026, 11, 24), "Fair", by=inside.ana, now=NOW)
    remove_holiday(Holiday.objects.get(), by=inside.ana, now=NOW)
    assert hours_of(inside.service).is_open(NOW)
    assert AuditEntry.objects.latest("id").changes == {"holiday": ["2026-11-24", ""]}

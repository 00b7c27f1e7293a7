"""A dry run as its page shows it: a bar a day, and the mails that the rule would have treated otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from emailhub.accounts.models import Advisor, Team
from emailhub.hub.models import InboundRule
from emailhub.hub.rules import RuleForm
from emailhub.intake.accounting import sums_by_day
from emailhub.intake.dry_run import PERIOD, dry_run
from emailhub.intake.models import ReceivedMessage

from .decision_words import decision_words, names_of

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 560, 150, 28, 15, 120  # of the drawing, in its own units
_GAP = 0.3  # of a day's width


@dataclass(frozen=True)
class Bar:
    """A day of the picture."""

    day: date
    all: int
    hit: int
    x: float
    width: float
    all_y: float
    all_height: float
    hit_y: float
    hit_height: float
    label: str  # under the bar; empty where there is no room


@dataclass(frozen=True)
class Grid:
    """A horizontal line with its number."""

    y: float
    number: int


@dataclass(frozen=True)
class ChangeLine:
    """A mail that would have gone elsewhere."""

    row: ReceivedMessage
    before: str
    after: str


@dataclass(frozen=True)
class DryRunPage:
    """The numbers, the picture and the list."""

    mails: int
    matched: int
    changed: int
    bars: list[Bar]
    grid: list[Grid]
    lines: list[ChangeLine]
    width: int = _WIDTH
    height: int = _HEIGHT


def build_dry_run(
    team: Team, form: RuleForm, replaces: InboundRule | None, *, by: Advisor, now: datetime
) -> DryRunPage:
    """What the rule would have done. Raises RuleError."""
    run = dry_run(team, form, replaces=replaces, by=by, now=now)
    zone = ZoneInfo(by.user.time_zone)
    sums = {each.day: each.accepted for each in sums_by_day(team, since=now - PERIOD, zone=zone)}
    first = timezone.localdate(now - PERIOD) + timedelta(days=1)
    days = [first + timedelta(days=place) for place in range(PERIOD.days)]
    names = names_of(team.company_id, [d for change in run.changes for d in (change.before, change.after)])
    top = _round_up(max([1, *(sums.get(day, 0) for day in days)]))
    return DryRunPage(
        mails=run.mails,
        matched=run.matched,
        changed=run.changed,
        bars=[_bar(place, day, sums.get(day, 0), run.by_day[day], top) for place, day in enumerate(days)],
        grid=[Grid(_y(number, top), number) for number in (0, top // 2, top)],
        lines=[
            ChangeLine(change.row, decision_words(change.before, names), decision_words(change.after, names))
            for change in run.changes
        ],
    )


def _bar(place: int, day: date, all_: int, hit: int, top: int) -> Bar:
    pitch = (_WIDTH - _LEFT) / PERIOD.days
    hit_y, all_y = _y(hit, top), _y(all_, top)
    return Bar(
        day=day,
        all=all_,
        hit=hit,
        x=round(_LEFT + place * pitch + pitch * _GAP / 2, 1),
        width=round(pitch * (1 - _GAP), 1),
        all_y=all_y,
        all_height=round(hit_y - all_y, 1),
        hit_y=hit_y,
        hit_height=round(_BOTTOM - hit_y, 1),
        label=str(day.day) if place % 3 == 0 else "",
    )


def _y(number: int, top: int) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * number / top, 1)


def _round_up(number: int) -> int:
    """The next even number that is easy to read: 2, 4, 10, 20, 40, 100 ..."""
    step = 2
    while step < number:
        step = step * 2 if str(step)[0] in "12" else step * 5 // 2
    return step

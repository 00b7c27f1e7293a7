"""A week of business hours as a form: up to two stretches a day, an empty one is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise

from emailhub.accounts.models import Team
from emailhub.hub.hours import Period
from emailhub.hub.models import OpeningHours

STRETCHES = 2


@dataclass(frozen=True)
class Stretch:
    """Two fields and what stands in them."""

    name: str  # of the fields, but for their `-from` and `-to`
    opens: str = ""
    closes: str = ""


@dataclass(frozen=True)
class Day:
    label: str | Promise
    stretches: tuple[Stretch, ...]


def week_of(team: Team) -> list[Day]:
    """The team's week as it is stored."""
    rows = OpeningHours.objects.filter(team=team).order_by("weekday", "opens_at")
    stored: dict[str, str] = {}
    count: dict[int, int] = {}
    for row in rows:
        number = count.get(row.weekday, 0)
        count[row.weekday] = number + 1
        stored[f"{row.weekday}-{number}-from"] = f"{row.opens_at:%H:%M}"
        stored[f"{row.weekday}-{number}-to"] = f"{row.closes_at:%H:%M}"
    return posted_week(stored)


def posted_week(fields: Mapping[str, str]) -> list[Day]:
    """The week as it stands in a form."""
    return [
        Day(label, tuple(_stretch(f"{weekday}-{number}", fields) for number in range(STRETCHES)))
        for weekday, label in WEEKDAYS.items()
    ]


def read_week(fields: Mapping[str, str]) -> list[Period]:
    """The stretches that the form names. Raises ValueError for what is no time, or half of a stretch."""
    return [
        Period(weekday, _time(stretch.opens), _time(stretch.closes))
        for weekday, day in enumerate(posted_week(fields))
        for stretch in day.stretches
        if stretch.opens or stretch.closes
    ]


def _stretch(name: str, fields: Mapping[str, str]) -> Stretch:
    return Stretch(name, fields.get(f"{name}-from", ""), fields.get(f"{name}-to", ""))


def _time(typed: str) -> time:
    return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)

"""Until when a ticket may sleep: what is offered, and what somebody chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from .moments import coming

_MORNING = time(9)
_LAST_EVENING = 20  # after this hour nobody means "today" any more


@dataclass(frozen=True)
class Offer:
    """A time in a word, and when that is."""

    label: str
    value: str
    when: str


def offers(*, now: datetime) -> list[Offer]:
    """The times of the menu, in the reader's time zone."""
    local = timezone.localtime(now)
    later = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    to_monday = 7 - local.weekday()
    is_today = later.date() == local.date() and later.hour <= _LAST_EVENING
    found = [
        *([(_("Later today"), later)] if is_today else []),
        (_("Tomorrow"), _morning(local, days=1)),
        *([(_("Next Monday"), _morning(local, days=to_monday))] if to_monday > 1 else []),
        (_("In a week"), _morning(local, days=7)),
        (_("In a month"), _morning(local, days=30)),
    ]
    return [Offer(label, at.isoformat(), coming(at, now=now)) for label, at in found]


def chosen_time(post: Mapping[str, str]) -> datetime | None:
    """The instant that a form names: one of the offers, or what stands in its field for a date and a time."""
    for name in ("until", "until_own"):
        if value := post.get(name, ""):
            return _instant(value)
    return None


def _instant(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not 1970 <= at.year <= 2200:
        return None
    return at if at.tzinfo else timezone.make_aware(at)


def _morning(local: datetime, *, days: int) -> datetime:
    day = local.date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, _MORNING))

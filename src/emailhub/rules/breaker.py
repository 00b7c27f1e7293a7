"""The breaker: what is done about a sender whose machine answers ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

NO_REPLIES_FOR = timedelta(hours=24)
WINDOW = timedelta(hours=1)
_SILENT_ABOVE = 20
_HELD_ABOVE = 50


@dataclass(frozen=True, slots=True)
class Breaker:
    """What holds for one more mail from this sender."""

    silent: bool  # it gets no automatic reply
    trips: bool  # ... from now on, for NO_REPLIES_FOR
    holds: bool  # the mail is held as a possible loop


def judge(*, counts: bool, within_the_hour: int, silent_until: datetime | None, now: datetime) -> Breaker:
    """Return what the breaker says to a mail.

    `counts`: it is automatic or answers an automatic reply of ours. Only such mails are counted, and
    `within_the_hour` is their number before this one.
    """
    number = within_the_hour + counts
    already = silent_until is not None and silent_until > now
    trips = counts and number > _SILENT_ABOVE and not already
    return Breaker(silent=already or trips, trips=trips, holds=counts and number > _HELD_ABOVE)

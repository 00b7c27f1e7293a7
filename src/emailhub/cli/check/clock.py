"""The clock: does it agree with the database's, and has it gone back?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

from emailhub.cli.check.finding import Finding, failed, ok, warning

_APART = timedelta(seconds=2)
_FAR_APART = timedelta(minutes=2)


def look() -> Iterator[Finding]:
    before = timezone.now()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(),"
            " (SELECT received_at FROM intake_receivedmessage ORDER BY id DESC LIMIT 1)"
        )
        theirs, newest = cursor.fetchone()
    yield found(before + (timezone.now() - before) / 2, theirs, newest)


def found(ours: datetime, theirs: datetime, newest: datetime | None) -> Finding:
    """Compare this machine's clock with the database's and with the newest mail."""
    apart = abs(ours - theirs)
    figures = {"seconds_apart": round(apart.total_seconds(), 3)}
    if newest is not None and newest > ours + _APART:
        return failed("clock", f"the newest mail came at {newest:%Y-%m-%d %H:%M:%S}, after now", **figures)
    if apart > _APART:
        say = failed if apart > _FAR_APART else warning
        return say("clock", f"this machine's clock and the database's are {apart} apart", **figures)
    return ok("clock", "this machine's clock and the database's agree", **figures)

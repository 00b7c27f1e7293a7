"""What waits, and for how long: received mail, outgoing mail, what somebody must decide on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from emailhub.cli.check.finding import Finding, failed, ok, warning
from emailhub.delivery.figures import outgoing_figures
from emailhub.delivery.models import OutboxHold
from emailhub.intake.figures import received_figures

_SLOW = timedelta(minutes=1)  # a worker takes milliseconds
_STUCK = timedelta(minutes=15)
_SLOW_TO_LEAVE = timedelta(minutes=30)  # a relay may refuse for now; the third try is after twenty minutes
_NOT_LEAVING = timedelta(hours=4)


def look() -> Iterator[Finding]:
    now = timezone.now()
    received, outgoing = received_figures(), outgoing_figures()
    yield _queue("queue.received", received.waiting, received.oldest_at, now, _SLOW, _STUCK)
    if OutboxHold.objects.exists():
        yield warning("queue.outgoing", "nothing is sent since a restore, until somebody releases the outbox")
    else:
        yield _queue(
            "queue.outgoing", outgoing.waiting, outgoing.oldest_at, now, _SLOW_TO_LEAVE, _NOT_LEAVING
        )
    yield _to_decide("queue.quarantined", received.quarantined, "mails could not be processed")
    yield _to_decide("queue.uncertain", outgoing.uncertain, "mails may or may not have left")


def _queue(
    check: str, waiting: int, oldest_at: datetime | None, now: datetime, slow: timedelta, stuck: timedelta
) -> Finding:
    age = max(now - oldest_at, timedelta()) if oldest_at else timedelta()
    figures = {"waiting": waiting, "oldest_seconds": round(age.total_seconds())}
    if not waiting:
        return ok(check, "nothing waits", **figures)
    say = failed if age > stuck else warning if age > slow else ok
    return say(check, f"{waiting} wait, the oldest for {round(age.total_seconds())} s", **figures)


def _to_decide(check: str, count: int, words: str) -> Finding:
    if count:
        return warning(check, f"{count} {words}: somebody must decide", count=count)
    return ok(check, "none", count=0)

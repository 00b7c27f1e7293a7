"""The work on connections: which is due, that only one worker has it, and how it went."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError
from django.db import connection as database
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from .models import Connection

WAKE = "emailhub_connections"  # the NOTIFY channel that wakes the workers
# Then it is shown and told. connections_to_tell() in the database says the same.
STANDS_STILL_AFTER = timedelta(minutes=5)
_LOCK = 21  # the class of due_connections()'s advisory locks
_PAUSES = tuple(timedelta(seconds=n) for n in (20, 60, 120, 300))  # between tries of what fails
_STOPPED_PAUSE = timedelta(minutes=30)  # somebody must act; a log-in tried too often gets the account locked


@dataclass(frozen=True)
class Trouble:
    """Why nothing comes or goes. `problem` is a code, for which the pages have the words and the remedy."""

    problem: str
    detail: str = ""
    needs_somebody: bool = False


@contextmanager
def claimed(kind: Connection.Kind) -> Iterator[tuple[int, int] | None]:
    """The (id, company_id) of a due connection that is this worker's while it lasts, or None."""
    with database.cursor() as cursor:
        cursor.execute("SELECT id, company_id FROM due_connections(%s, 1)", [kind.value])
        row: tuple[int, int] | None = cursor.fetchone()
    try:
        yield row
    finally:
        if row is not None:
            _release(row[0])


def _release(connection_id: int) -> None:
    """Free its lock. Where the session is gone, so is the lock."""
    with suppress(InterfaceError, OperationalError), database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, connection_id % 2147483647])


def look_soon(connection_id: int, *, now: datetime) -> None:
    """Let a worker look at it at once. Call it inside the company."""
    Connection.objects.filter(pk=connection_id, due_at__isnull=False).update(due_at=now)
    wake()


def wake() -> None:
    """Tell the workers at commit that a connection is due."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE])


def note_working(connection_id: int, *, now: datetime, next_in: timedelta) -> None:
    """It went well: what was wrong is over. Call it inside the company."""
    Connection.objects.filter(pk=connection_id).exclude(state=Connection.State.OFF).update(
        state=Connection.State.WORKING,
        problem="",
        problem_detail="",
        failing_since=None,
        checked_at=now,
        due_at=now + next_in,
    )


def note_trouble(connection_id: int, trouble: Trouble, *, now: datetime) -> None:
    """It did not: say why, and look again later, each time a bit. Call it inside the company."""
    state = Connection.State.STOPPED if trouble.needs_somebody else Connection.State.FAILING
    rows = Connection.objects.filter(pk=connection_id).exclude(state=Connection.State.OFF)
    since = rows.values_list("failing_since", flat=True).first()
    pause = _STOPPED_PAUSE if trouble.needs_somebody else _pause(now - since if since else timedelta())
    rows.update(
        state=state,
        problem=trouble.problem,
        problem_detail=trouble.detail[:500],
        failing_since=Coalesce(F("failing_since"), now),
        due_at=now + pause,
    )


def _pause(lasts: timedelta) -> timedelta:
    return next((pause for pause in _PAUSES if lasts < pause * 2), _PAUSES[-1])


def standing_still(now: datetime) -> Q:
    """Which connections nothing has come or gone by for longer than a hiccup takes."""
    failing = Q(state__in=(Connection.State.FAILING, Connection.State.STOPPED))
    unattended = Q(state=Connection.State.WORKING, due_at__lt=now - 2 * STANDS_STILL_AFTER)
    return (failing & Q(failing_since__lt=now - STANDS_STILL_AFTER)) | unattended


def to_tell(now: datetime) -> list[tuple[int, int]]:
    """The (id, company_id) of those that stand still, or go again, and whose managers do not know it yet."""
    with database.cursor() as cursor:
        cursor.execute("SELECT id, company_id FROM connections_to_tell(%s)", [now])
        return [(row[0], row[1]) for row in cursor.fetchall()]

"""How many outgoing mails and connections of the whole installation are in which state. Counts alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True)
class OutgoingFigures:
    """Mails by state; and since when the oldest that is to leave waits."""

    by_state: Mapping[str, int]
    oldest_at: datetime | None

    @property
    def waiting(self) -> int:
        return self.by_state.get("queued", 0) + self.by_state.get("sending", 0)

    @property
    def uncertain(self) -> int:
        return self.by_state.get("uncertain", 0)


def outgoing_figures() -> OutgoingFigures:
    """The figures as they are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, mails, oldest_at FROM outgoing_figures()")
        rows: list[tuple[str, int, datetime | None]] = cursor.fetchall()
    oldest = min((oldest_at for _, _, oldest_at in rows if oldest_at is not None), default=None)
    return OutgoingFigures({state: count for state, count, _ in rows}, oldest)


@dataclass(frozen=True)
class ConnectionFigures:
    """Connections of one kind in one state; since when the first fails, and the longest without a look."""

    kind: str
    state: str
    count: int
    failing_since: datetime | None
    checked_at: datetime | None


def connection_figures() -> list[ConnectionFigures]:
    """The figures as they are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, state, connections, failing_since, checked_at FROM connection_figures()")
        return [ConnectionFigures(*row) for row in cursor.fetchall()]

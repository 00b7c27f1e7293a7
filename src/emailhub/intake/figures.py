"""How many deliveries of the whole installation have which fate. Counts alone: no company's rows are seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True)
class ReceivedFigures:
    """Deliveries by fate: an outcome, `waiting` or `quarantined`; and when the oldest that waits came."""

    by_fate: Mapping[str, int]
    oldest_at: datetime | None

    @property
    def waiting(self) -> int:
        return self.by_fate.get("waiting", 0)

    @property
    def quarantined(self) -> int:
        return self.by_fate.get("quarantined", 0)


def received_figures() -> ReceivedFigures:
    """The figures as they are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fate, deliveries, oldest_at FROM received_figures()")
        rows: list[tuple[str, int, datetime | None]] = cursor.fetchall()
    oldest = next((oldest_at for fate, _, oldest_at in rows if fate == "waiting"), None)
    return ReceivedFigures({fate: count for fate, count, _ in rows if count}, oldest)

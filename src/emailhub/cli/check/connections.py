"""Connections to other servers: mailboxes, gateways. Which stand still, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from emailhub.cli.check.finding import Finding, failed, ok, warning
from emailhub.delivery.connection_work import STANDS_STILL_AFTER
from emailhub.delivery.figures import ConnectionFigures, connection_figures

_UNATTENDED = 2 * STANDS_STILL_AFTER


def look() -> Iterator[Finding]:
    figures = connection_figures()
    for kind in sorted({row.kind for row in figures}):
        yield _look_at(kind, [row for row in figures if row.kind == kind])


def _look_at(kind: str, rows: list[ConnectionFigures]) -> Finding:
    check, now = f"connections.{kind}", timezone.now()
    counts = {row.state: row.count for row in rows}
    failing = [now - row.failing_since for row in rows if row.failing_since and row.state != "new"]
    if failing:
        longest = max(failing)
        say = failed if longest > STANDS_STILL_AFTER else warning
        return say(check, f"one fails for {_seconds(longest)} s: the team's page says why", **counts)
    unseen = [now - row.checked_at for row in rows if row.checked_at and row.state == "working"]
    if unseen and max(unseen) > _UNATTENDED:
        return failed(check, f"nobody has looked into one for {_seconds(max(unseen))} s", **counts)
    return ok(check, "all work", **counts)


def _seconds(lasts: timedelta) -> int:
    return round(lasts.total_seconds())

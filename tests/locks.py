"""Wait for another connection to come to a lock, in tests of two at the same moment."""

from __future__ import annotations

import time

from tests.conftest import as_owner


def wait_until_somebody_waits() -> None:
    """Until a connection waits for a row that another one has locked."""
    until = time.monotonic() + 20
    with as_owner() as owner:
        while time.monotonic() < until:
            waiting = (
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if owner.execute(waiting).fetchone() != (0,):
                return
            time.sleep(0.05)
    raise AssertionError("nobody came to the lock")

"""What the worker's threads do: work while there is work, and otherwise wait to be woken."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection

from emailhub.accounts.database import direct_parameters

SWEEP = 5.0  # seconds after which due rows are found without a wake-up
_REST = 1.0  # seconds after an error
_DATABASE_LOST = (psycopg.OperationalError, OperationalError, InterfaceError)
log = structlog.get_logger()


class Loop:
    """Call `work` until it has nothing to do, then sleep until a NOTIFY or the next sweep."""

    def __init__(self, channel: str, work: Callable[[], int]) -> None:
        self.channel = channel
        self.work = work

    def drain(self) -> None:
        while self.work():
            pass

    def run(self, stop: threading.Event) -> None:
        """Run until `stop` is set. No error ends it: a lost database comes back, a full disk empties."""
        while not stop.is_set():
            try:
                with _listening(self.channel) as listener:
                    self._serve(listener, stop)
            except _DATABASE_LOST as error:
                log.warning("the worker waits for the database", error=str(error).strip())
            except Exception:
                log.exception("the worker's loop begins anew", channel=self.channel)
            connection.close()  # with it go the locks of what was claimed and not finished
            if not stop.is_set():
                stop.wait(_REST)

    def _serve(self, listener: psycopg.Connection[Any], stop: threading.Event) -> None:
        while not stop.is_set():
            if self.work():
                continue
            for _ in range(int(SWEEP)):
                if stop.is_set() or list(listener.notifies(timeout=1.0, stop_after=1)):
                    break


def in_turn(*works: Callable[[], int]) -> Callable[[], int]:
    """Several works of one loop. One that fails is told in the log and keeps none of the others waiting."""

    def all_of_them() -> int:
        return sum(_guarded(work) for work in works)

    return all_of_them


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except _DATABASE_LOST:
        raise
    except Exception:
        log.exception("one work of the loop failed; it is tried again", work=getattr(work, "__name__", ""))
        connection.close()  # with it go the locks of what was claimed and not finished
        return 0


def _listening(channel: str) -> psycopg.Connection[Any]:
    """A connection of its own that hears the channel; not Django's, which may be in a transaction."""
    connection = psycopg.connect(**direct_parameters(), autocommit=True)
    connection.execute(f"LISTEN {channel}")
    return connection

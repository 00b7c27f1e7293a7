"""`emailhub worker`: file what was received and send what is due, woken at commit, sweeping now and then."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Callable

from emailhub.cli.environment import ready

SWEEP = 5.0  # seconds after which due rows are found without a wake-up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is due now, and end")


def run(options: argparse.Namespace) -> int:
    with ready():
        from emailhub.cli import channels

        loops = (channels.intake_loop(), channels.delivery_loop())
        if options.once:
            for loop in loops:
                loop.drain()
            return 0
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        threads = [threading.Thread(target=loop.run, args=(stop,), name=loop.channel) for loop in loops]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return 0


class Loop:
    """Call `work` until it has nothing to do, then sleep until a NOTIFY or the next sweep."""

    def __init__(self, channel: str, work: Callable[[], int]) -> None:
        self.channel = channel
        self.work = work

    def drain(self) -> None:
        while self.work():
            pass

    def run(self, stop: threading.Event) -> None:
        """Run until `stop` is set. A lost database is waited for; nothing else ends the loop."""
        import psycopg
        import structlog
        from django.db import DatabaseError, InterfaceError, connection

        log = structlog.get_logger()
        while not stop.is_set():
            try:
                with _listening(self.channel) as listener:
                    self._serve(listener, stop)
            except (psycopg.OperationalError, DatabaseError, InterfaceError) as error:
                log.warning("the worker waits for the database", error=str(error).strip())
                connection.close()
                stop.wait(1.0)
        connection.close()

    def _serve(self, listener, stop: threading.Event) -> None:  # type: ignore[no-untyped-def]
        while not stop.is_set():
            if self.work():
                continue
            for _ in range(int(SWEEP)):
                if stop.is_set() or list(listener.notifies(timeout=1.0, stop_after=1)):
                    break


def _listening(channel: str):  # type: ignore[no-untyped-def]
    """A connection of its own that hears the channel; not Django's, which may be in a transaction."""
    import psycopg
    from django.db import connections

    parameters = connections["default"].get_connection_params()
    wanted = {
        name: value
        for name, value in parameters.items()
        if name in ("host", "port", "user", "password", "dbname", "options", "sslmode", "sslrootcert")
    }
    connection = psycopg.connect(**wanted, autocommit=True)
    connection.execute(f"LISTEN {channel}")
    return connection

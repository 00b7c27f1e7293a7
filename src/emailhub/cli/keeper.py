"""`emailhub up` has its data folder to itself, and keeps the embedded database running in it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from emailhub import configuration, postgres
from emailhub.cli.errors import CommandError
from emailhub.configuration import read

_LOCK = "up.lock"
_LOOK_EVERY = 2.0  # seconds between two looks at the database
_START_PATIENCE = 10.0  # seconds for one try to start it again; signals wait for as long
_LOCK_PATIENCE = 1.0  # seconds; somebody may be asking whether the lock is held


class Kept(Protocol):
    """What the supervisor looks after besides its processes."""

    def look(self) -> None:
        """Put right what has gone wrong since the last look."""


class External:
    """The database of DATABASE_URL: an operator keeps it."""

    def look(self) -> None:
        """Nothing: every process of ours waits for it by itself."""


class Embedded:
    """The embedded database, started again if it ends, and stopped whoever started it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._server = postgres.start(root)
        self._looked_at = time.monotonic()

    def look(self) -> None:
        if time.monotonic() - self._looked_at < _LOOK_EVERY:
            return
        if not self._server.is_alive():
            self._start_again()
        self._looked_at = time.monotonic()

    def stop(self) -> None:
        self._server.shut_down()

    def _start_again(self) -> None:
        print("the database has ended; starting it again", file=sys.stderr)
        try:
            self._server = postgres.start(self._root, timeout=_START_PATIENCE)
        except postgres.PostgresError as error:
            print(f"the database could not be started: {error}", file=sys.stderr)


@contextlib.contextmanager
def kept_database() -> Iterator[Kept]:
    """Have the database run, alone on this data folder. Raises CommandError if another `up` has it."""
    root = configuration.data_root()
    postgres.create_root(root)
    with _alone(root):
        if read("DATABASE_URL"):
            yield External()
            return
        database = Embedded(root)
        try:
            yield database
        finally:
            database.stop()


def is_kept(root: Path) -> bool:
    """Whether an `emailhub up` keeps this data folder: its database is not another command's to end."""
    try:
        lock = os.open(root / _LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    lock = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _take(lock, root)
        yield
    finally:
        os.close(lock)


def _take(lock: int, root: Path) -> None:
    deadline = time.monotonic() + _LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise CommandError(
                    f"EmailHub runs on {root} already."
                    " Use it, stop it, or name another folder with EMAILHUB_DATA."
                ) from None
        time.sleep(0.05)

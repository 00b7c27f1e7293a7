"""What every command needs before its work: the data folder, the database, Django."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import structlog
from django.db import OperationalError, connection

from emailhub import configuration, postgres
from emailhub.cli import logs
from emailhub.cli.errors import CommandError
from emailhub.cli.keeper import is_kept
from emailhub.configuration import read

_PATIENCE = 30.0  # seconds for the database of an `emailhub up` that has just been started
_PAUSE = 1.0  # seconds between two tries to reach the database
log = structlog.get_logger()


@contextmanager
def ready() -> Iterator[None]:
    """The database runs and Django is set up."""
    with _database():
        set_up()
        yield


@contextmanager
def with_data() -> Iterator[None]:
    """ready(), for a command about what is stored. Raises CommandError where nothing is."""
    root = configuration.data_root()
    if not read("DATABASE_URL") and not postgres.has_data(root):
        raise CommandError(
            f"there is no data in {root}: start EmailHub first, or name another folder with EMAILHUB_DATA"
        )
    with ready():
        from emailhub.accounts import database

        if not database.is_migrated():
            raise CommandError("the database is another version's: `emailhub migrate` brings it up to date")
        yield


@contextmanager
def serving() -> Iterator[None]:
    """ready(), for a process that goes on for ever: the database may come later, its walls must hold."""
    with ready():
        _wait_for_walls()
        yield


def set_up() -> None:
    """Set Django up in this process. Imports of models come after it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emailhub.settings")
    logs.configure()
    django.setup()


@contextmanager
def _database() -> Iterator[None]:
    """Let the database run: the one of DATABASE_URL, that of a running `up`, or one of our own."""
    root = configuration.data_root()
    postgres.create_root(root)
    if read("DATABASE_URL"):
        yield
        return
    if is_kept(root):
        _join(root)
        yield
        return
    server = postgres.start(root)
    try:
        yield
    finally:
        if not is_kept(root):  # else an `up` has adopted it meanwhile
            server.stop()


def _join(root: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while postgres.find_running(root) is None and time.monotonic() < deadline:
        time.sleep(0.1)


def _wait_for_walls() -> None:
    """Raise CommandError if the application's role could see other companies' rows."""
    from emailhub.accounts import database

    while True:
        try:
            database.refuse_unsafe_role()
            break
        except OperationalError as error:
            log.warning("waiting for the database", error=str(error).strip())
            time.sleep(_PAUSE)
        except database.UnsafeRoleError as error:
            raise CommandError(str(error)) from error
    connection.close()

"""What every command needs before its work: the data folder, the database, Django."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django

from emailhub import configuration, postgres
from emailhub.cli import logs
from emailhub.configuration import read


@contextmanager
def database() -> Iterator[None]:
    """Let the database run: the one of DATABASE_URL, or the embedded one, started or joined."""
    if read("DATABASE_URL"):
        configuration.data_root().mkdir(parents=True, exist_ok=True)
        yield
        return
    root = configuration.data_root()
    postgres.create_root(root)
    server = postgres.start(root)
    try:
        yield
    finally:
        server.stop()


@contextmanager
def ready() -> Iterator[None]:
    """The database runs and Django is set up."""
    with database():
        set_up()
        yield


def set_up() -> None:
    """Set Django up in this process. Imports of models come after it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emailhub.settings")
    logs.configure()
    django.setup()

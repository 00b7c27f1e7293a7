"""`emailhub migrate`."""

from __future__ import annotations

import argparse

from emailhub.cli.environment import ready
from emailhub.cli.errors import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: which database is a matter of the environment."""


def run(options: argparse.Namespace) -> int:
    with ready():
        migrate()
    return 0


def migrate() -> None:
    """Migrate, and refuse to go on with a role that the walls do not hold."""
    from emailhub.accounts import database

    try:
        database.migrate()
    except database.UnsafeRoleError as error:
        raise CommandError(str(error)) from error

"""`emailhub stored-files`: verify the stored files by their checksums, tidy away what no row names."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import psycopg

from emailhub.cli.environment import with_data
from emailhub.cli.errors import REFUSED, CommandError
from emailhub.cli.lines import print_line

if TYPE_CHECKING:
    from emailhub.store import Collected, Fault


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--verify",
        action="store_true",
        help="read every file that the database names and compare its checksum; one JSON object a fault",
    )
    what.add_argument(
        "--collect",
        action="store_true",
        help="set aside files that nothing names, and delete those that were set aside a day ago",
    )


def run(options: argparse.Namespace) -> int:
    with with_data():
        from emailhub.store import BehindWallsError

        try:
            return _verify() if options.verify else _collect()
        except BehindWallsError as error:
            raise CommandError(str(error)) from error


def faults() -> Iterator[Fault]:
    """Every stored file that is missing or damaged. Reads all of them."""
    from emailhub import store

    with _as_owner() as owner, owner.transaction():
        yield from store.verify(store.named_files(owner))


def _verify() -> int:
    found = 0
    for fault in faults():
        print_line(asdict(fault))
        found += 1
    return REFUSED if found else 0


def _collect() -> int:
    print_line(asdict(tidy()))
    return 0


def tidy() -> Collected:
    """Set aside and delete what no row names. Raises CommandError while somebody else is at it."""
    from django.utils import timezone

    from emailhub import store

    # Two walks along the names, each in a transaction that begins after the lock is held.
    with _as_owner() as first, _as_owner() as second:
        if first.execute("SELECT pg_try_advisory_lock(%s)", [store.LOCK]).fetchone() != (True,):
            raise CommandError("a back-up is being written, or somebody else tidies: try again later")
        with first.transaction(), second.transaction():
            return store.collect(store.named_files(first), store.named_files(second), now=timezone.now())


@contextmanager
def _as_owner() -> Iterator[psycopg.Connection[Any]]:
    """A connection that sees through the walls between companies."""
    from emailhub.accounts.database import direct_parameters

    with psycopg.connect(**direct_parameters("owner"), autocommit=True) as owner:
        yield owner

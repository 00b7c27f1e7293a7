"""`emailhub check`: is all well with this installation? For people, and with --json for monitoring."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from emailhub.cli.check.finding import Check, Finding, Level, failed
from emailhub.cli.environment import with_data
from emailhub.cli.errors import CommandError
from emailhub.cli.lines import print_line
from emailhub.configuration import ConfigurationError, refuse_bad_values
from emailhub.postgres import PostgresError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each thing looked at")
    parser.add_argument(
        "--files", action="store_true", help="also read every stored file and compare its checksum"
    )


def run(options: argparse.Namespace) -> int:
    """Print what is found. Returns 1 if something must be put right; warnings alone are 0."""
    worst = 0
    for finding in findings(files=options.files):
        if options.json:
            print_line(finding.line())
        else:
            print(f"{finding.level:8} {finding.check:22} {finding.message}")
        worst = max(worst, int(finding.level is Level.FAILED))
    return worst


def findings(*, files: bool = False) -> Iterator[Finding]:
    """Look at one thing after another. What cannot be looked at is a finding too."""
    try:
        refuse_bad_values()
        with with_data():
            for check in _checks(files=files):
                yield from _guarded(check)
    except ConfigurationError as error:
        yield failed("configuration", str(error))
    except (CommandError, PostgresError) as error:
        yield failed("database", str(error))


def _checks(*, files: bool) -> tuple[Check, ...]:
    from emailhub.cli.check.every import EVERY, FILES

    return (*EVERY, FILES) if files else EVERY


def _guarded(check: Check) -> Iterator[Finding]:
    """A database that goes away ends one check and not all."""
    from django.db import Error as DatabaseError

    try:
        yield from check()
    except DatabaseError as error:
        name = check.__module__.rpartition(".")[2]
        yield failed(name, f"the database cannot be used: {' '.join(str(error).split())}")

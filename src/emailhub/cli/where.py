"""`emailhub where MESSAGE-ID`: every copy of a mail, received and sent, and what became of it."""

from __future__ import annotations

import argparse

from emailhub.cli.environment import with_data
from emailhub.cli.errors import CommandError
from emailhub.cli.lines import print_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "message_id", metavar="MESSAGE-ID", help="as in the mail's header, with or without < and >"
    )


def run(options: argparse.Namespace) -> int:
    """Print a line for each copy. Returns 1 if there is none."""
    wanted = options.message_id.strip().removeprefix("<").removesuffix(">")
    found = False
    with with_data():
        from emailhub.cli.copies import copies_of

        for line in copies_of(wanted):
            found = True
            print_line(line)
    if not found:
        raise CommandError(f"no mail with the Message-ID <{wanted}> came in or went out")
    return 0

"""`emailhub intake`: take mails in as if they had arrived by SMTP, and wait for what becomes of them."""

from __future__ import annotations

import argparse

from emailhub.cli.envelope import add_envelope, mail_from, routes_to, wire_form
from emailhub.cli.environment import with_data
from emailhub.cli.files import UnreadableError, add_files
from emailhub.cli.lines import print_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_files(parser)
    add_envelope(parser)


def run(options: argparse.Namespace) -> int:
    """Print a line for each delivery, one mail after another. Returns 1 if one could not be taken in."""
    failed = False
    with with_data():
        from emailhub.cli.arrive import arrive

        routes = routes_to(options.to)
        for file in options.files:
            try:
                raw = wire_form(file, routes)
            except UnreadableError as error:
                failed = True
                print_line({"file": file, "error": str(error)})
                continue
            for line in arrive(raw, routes, mail_from(options.mail_from, raw)):
                failed = failed or "error" in line
                print_line({"file": file, **line})
    return 1 if failed else 0

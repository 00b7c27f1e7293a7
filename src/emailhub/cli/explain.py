"""`emailhub explain`: what would become of a mail if it came now, and why. Changes nothing."""

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
    """Print a line for each mail and recipient. Returns 1 if one could not be read."""
    failed = False
    with with_data():
        from emailhub.cli.channels import verifier
        from emailhub.cli.explained import explained
        from emailhub.intake.reading import UnreadableError as ReaderEndedError

        routes, verify = routes_to(options.to), verifier()
        for file in options.files:
            try:
                raw = wire_form(file, routes)
                sender = mail_from(options.mail_from, raw)
                for route in routes:
                    print_line({"file": file, **explained(raw, route, sender, verify)})
            except (UnreadableError, ReaderEndedError) as error:
                failed = True
                print_line({"file": file, "error": str(error)})
    return 1 if failed else 0

"""`emailhub mail parse | render`: how EmailHub reads a mail. Needs no database and no settings.

Each file is read by a child process under limits, one child for all of them: no mail ends the command.
"""

from __future__ import annotations

import argparse

from emailhub.cli.files import UnreadableError, add_files, content_of
from emailhub.cli.lines import print_line
from emailhub.cli.mail.reader import Reader


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, purpose in (
        ("parse", "print what a mail says: people, ids, text, attachments"),
        ("render", "print the safe HTML that an advisor would see"),
    ):
        action = actions.add_parser(name, help=purpose, description=f"{purpose}, a line of JSON a file")
        add_files(action)


def run(options: argparse.Namespace) -> int:
    """Print a line for each file. Returns 1 if one could not be read."""
    failed = False
    with Reader(options.action) as reader:
        for file in options.files:
            line = _line(reader, file)
            failed = failed or "error" in line
            print_line(line)
    return 1 if failed else 0


def _line(reader: Reader, file: str) -> dict[str, object]:
    try:
        return {"file": file, **reader.read(content_of(file))}
    except UnreadableError as error:
        return {"file": file, "error": str(error)}

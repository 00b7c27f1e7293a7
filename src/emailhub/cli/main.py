"""`emailhub COMMAND`: read the arguments, run the command, turn expected errors into one sentence."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from emailhub.configuration import ConfigurationError
from emailhub.postgres import PostgresError

COMMANDS = {
    "up": "start everything in the foreground: database, pages, workers, SMTP listener",
    "web": "serve the pages",
    "worker": "turn received mail into tickets and send what is due",
    "smtpd": "take mail in by SMTP or LMTP",
    "migrate": "bring the database up to date",
    "createcompany": "make a company with its first administrator and team",
    "upgrade-data": "move the embedded database to this version's PostgreSQL",
}


class CommandError(Exception):
    """A command cannot do what was asked. The message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 refused with a message, 2 wrong arguments."""
    parser = _parser()
    options = parser.parse_args(arguments)
    module = importlib.import_module(f"emailhub.cli.{options.command.replace('-', '_')}")
    try:
        result: int = module.run(options)
    except (CommandError, ConfigurationError, PostgresError) as error:
        print(f"emailhub {options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="emailhub", description="A shared team inbox.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=purpose, description=purpose)
        module = importlib.import_module(f"emailhub.cli.{name.replace('-', '_')}")
        module.add_arguments(subparser)
    return parser

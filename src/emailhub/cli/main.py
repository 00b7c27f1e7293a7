"""`emailhub COMMAND`: read the arguments, run the command, turn expected errors into one sentence."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from django.db import OperationalError

from emailhub.cli.errors import BAD_SETTING, REFUSED, CommandError
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 refused with a message, 2 wrong arguments,

    78 a setting is wrong.
    """
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _end)
    try:
        return _run(options)
    except ConfigurationError as error:
        return _say(options, error, BAD_SETTING)
    except (CommandError, PostgresError) as error:
        return _say(options, error, REFUSED)
    except OperationalError as error:
        return _say(options, f"the database cannot be used: {' '.join(str(error).split())}", REFUSED)
    except OSError as error:
        if error.filename is None:
            raise
        return _say(options, f"{error.filename}: {error.strerror}", REFUSED)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _run(options: argparse.Namespace) -> int:
    module = importlib.import_module(f"emailhub.cli.{options.command.replace('-', '_')}")
    result: int = module.run(options)
    return result


def _say(options: argparse.Namespace, what: object, code: int) -> int:
    print(f"emailhub {options.command}: {what}", file=sys.stderr)
    return code


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """Unwind, so that whoever started the database also stops it."""
    raise SystemExit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="emailhub", description="A shared team inbox.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=purpose, description=purpose)
        module = importlib.import_module(f"emailhub.cli.{name.replace('-', '_')}")
        module.add_arguments(subparser)
    return parser

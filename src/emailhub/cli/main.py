"""`emailhub COMMAND`: read the arguments, run the command, turn expected errors into one sentence."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType, ModuleType
from typing import NoReturn

from emailhub.cli.errors import code_of, expected, words_of

COMMANDS = {
    "up": "start everything in the foreground: database, pages, workers, SMTP listener",
    "web": "serve the pages",
    "worker": "turn received mail into tickets and send what is due",
    "smtpd": "take mail in by SMTP or LMTP",
    "migrate": "bring the database up to date",
    "mail": "read mails as EmailHub does, and print what they say; needs no database",
    "check": "say whether all is well with this installation",
    "addresses": "list every address that mail is taken in for",
    "intake": "take mails in as if they had arrived, and say what became of them",
    "explain": "say what would become of a mail, and why; changes nothing",
    "where": "say where every copy of a mail is, and why",
    "createcompany": "make a company with its first administrator and team",
    "backup": "write the database and the files of one instant into one archive, while everything runs",
    "restore": "bring a back-up into an empty installation; later, let its outgoing mail leave",
    "import-mail": "take an old mailbox in as history: closed tickets, nobody is answered or told",
    "stored-files": "verify the stored files, or tidy up what nothing names",
    "upgrade-data": "move the embedded database to this version's PostgreSQL",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 refused with a message, 2 wrong arguments,

    78 a setting is wrong.
    """
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(given[0] if given else "").parse_args(given)
    signal.signal(signal.SIGTERM, _end)
    try:
        return _run(options)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        return _nobody_reads()
    except expected() as error:  # asked only now: what it names takes longer to load than some commands run
        if (words := words_of(error)) is None:
            raise
        print(f"emailhub {options.command}: {words}", file=sys.stderr)
        return code_of(error)


def _run(options: argparse.Namespace) -> int:
    result: int = _module(options.command).run(options)
    sys.stdout.flush()
    return result


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"emailhub.cli.{command.replace('-', '_')}")


def _nobody_reads() -> int:
    """End quietly, as other programs do: what reads our output has enough, `head` for example."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """Unwind, so that whoever started the database also stops it."""
    raise SystemExit(128 + number)


def _parser(chosen: str) -> argparse.ArgumentParser:
    """The parser of all commands, with the arguments of the one that is chosen: only that one is loaded."""
    parser = argparse.ArgumentParser(prog="emailhub", description="A shared team inbox.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=purpose, description=purpose)
        if name == chosen:
            _module(name).add_arguments(subparser)
    return parser

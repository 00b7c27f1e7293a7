"""`emailhub restore`: a back-up into an empty installation, and the word that lets its mail leave again."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, BinaryIO

from emailhub import configuration
from emailhub.cli.environment import ready, with_data
from emailhub.cli.errors import CommandError
from emailhub.cli.keeper import is_kept

if TYPE_CHECKING:
    from emailhub.cli.archive import Contents


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="the back-up")
    parser.add_argument(
        "--release-outbox",
        action="store_true",
        help="after a restore: let outgoing mail leave. What waited when the back-up was taken stays back:"
        " it may have been sent since; advisors see it on its tickets and decide",
    )
    parser.add_argument(
        "--send-waiting",
        action="store_true",
        help="with --release-outbox: also send what waited when the back-up was taken. Right only if the old"
        " installation has sent nothing since",
    )


def run(options: argparse.Namespace) -> int:
    if options.release_outbox == bool(options.file) or (options.send_waiting and not options.release_outbox):
        raise CommandError(
            "give either the file to restore, or --release-outbox, perhaps with --send-waiting"
        )
    if options.release_outbox:
        return _release(send_waiting=options.send_waiting)
    if is_kept(configuration.data_root()):
        raise CommandError("EmailHub runs on this data folder: stop it first")
    with open(options.file, "rb") as file, ready():  # noqa: PTH123
        _restore(file)
    return 0


def held_lines() -> list[str]:
    """What to say at a start while outgoing mail is held."""
    from emailhub.delivery.hold import current_hold

    if current_hold() is None:
        return []
    return ["Outgoing mail is held since the restore: let it leave by `emailhub restore --release-outbox`"]


def _restore(file: BinaryIO) -> None:
    """Everything is checked before anything is changed; the database appears whole, or not at all."""
    from emailhub.cli import archive
    from emailhub.cli.archive import destination
    from emailhub.cli.migrate import migrate

    contents = archive.check_archive(file)
    target = destination.check_destination(contents.manifest)
    archive.restore_files(file)
    destination.make_room()
    with archive.script_of(file) as script:
        target.load(script)
    migrate()
    destination.analyse()
    _report(contents)


def _report(contents: Contents) -> None:
    from emailhub.cli.archive import key_mark

    print(f"Restored the database of {contents.manifest.taken_at} and {contents.end.files} files.")
    for name, what in contents.end.faults:
        _warn(f"It was {what} already when the back-up was taken: {name}")
    if contents.manifest.key_mark != key_mark():
        _warn(
            "The key here is not the old installation's. Put that into EMAILHUB_SECRET_KEY, or its file"
            " secret_key into the data folder: else all second factors must be set up anew."
        )
    print(
        "Everybody signs in again. Received mail is handled once EmailHub runs. Outgoing mail is held:\n"
        "make sure that the old installation sends no more, then run `emailhub restore --release-outbox`."
    )


def _warn(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _release(*, send_waiting: bool) -> int:
    with with_data():
        from django.utils import timezone

        from emailhub.accounts.models import Company
        from emailhub.delivery import hold
        from emailhub.desk.settle import settle

        if hold.current_hold() is None:
            print("No outgoing mail is held.")
            return 0
        companies = Company.objects.order_by("id").values_list("id", flat=True)
        done = hold.release(companies, settle, send_waiting=send_waiting, now=timezone.now())
    print(
        f"Outgoing mail leaves again: {done.written_since} written since the restore,"
        f" {done.sent_again} that waited before it."
    )
    if done.uncertain:
        print(
            f"{done.uncertain} that waited when the back-up was taken may have been sent since. They are not"
            " sent again by themselves: their tickets say so, and an advisor can send them."
        )
    return 0

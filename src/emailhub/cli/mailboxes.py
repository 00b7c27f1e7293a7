"""Mails on a disk, in whatever a mail program keeps them: an mbox, single files, folders, a Maildir."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from emailhub import mail
from emailhub.cli.errors import CommandError
from emailhub.mail.mbox import find_mails, is_mbox, mail_at

_SUFFIXES = frozenset({".eml", ".mbox", ".mbx"})
_MAILDIR = frozenset({"cur", "new"})
_HEAD = 256 * 1024  # octets in which the Date must stand
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_BARE_LF = re.compile(rb"(?<!\r)\n")
_NO_DATE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """One mail: a whole file, or a part of one. `number` counts the mails of a file from 1."""

    path: Path
    number: int
    start: int
    end: int
    date: datetime
    in_mbox: bool

    def content(self) -> bytes:
        """The mail as it comes by SMTP, its lines ending in CRLF."""
        with self.path.open("rb") as file:
            raw = mail_at(file, self.start, self.end) if self.in_mbox else file.read()
        return _BARE_LF.sub(b"\r\n", raw)


def find_places(paths: Iterable[str]) -> list[Place]:
    """All mails of these files and folders, the oldest first, so that threads grow as they did.

    Raises CommandError if there are none, OSError for a file that cannot be read.
    """
    places = [place for path in paths for file in _files(Path(path)) for place in _places(file)]
    if not places:
        raise CommandError("there are no mails: a folder's .eml and .mbox files count, and a Maildir's")
    return sorted(places, key=lambda place: place.date)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for found in sorted(path.rglob("*")):
        if found.is_file() and (found.suffix.lower() in _SUFFIXES or found.parent.name in _MAILDIR):
            yield found


def _places(path: Path) -> Iterator[Place]:
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not is_mbox(head):
            yield Place(path, 1, 0, -1, _date(head), in_mbox=False)
            return
        file.seek(0)
        parts = list(find_mails(file))
        for number, (start, end) in enumerate(parts, 1):
            head = mail_at(file, start, min(end, start + _HEAD))
            yield Place(path, number, start, end, _date(head), in_mbox=True)


def _date(beginning: bytes) -> datetime:
    return mail.parse(_END_OF_HEAD.split(beginning, 1)[0]).date or _NO_DATE

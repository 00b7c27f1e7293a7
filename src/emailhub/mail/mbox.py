"""Mailboxes in one file (RFC 4155): which octets of it are which mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

# "From carla@customer.example Mon Nov 23 09:00:00 2026": a sentence that begins with "From" has no clock.
_SEPARATOR = re.compile(rb"From .*\d\d?:\d\d(:\d\d)?\b.*\b\d{4}\b")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_EMPTY = (b"\n", b"\r\n")
_LONGEST_LINE = 1024 * 1024  # octets that are read at once; a longer line comes in pieces


def is_mbox(beginning: bytes) -> bool:
    """Whether a file that begins like this holds mails one after the other, and is not one mail."""
    return _SEPARATOR.match(beginning) is not None


def find_mails(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Where each mail begins and ends, in octets from the file's beginning. Reads the file once."""
    start, offset, may_begin, is_whole = -1, 0, True, True
    for piece in iter(lambda: file.readline(_LONGEST_LINE), b""):
        if may_begin and _SEPARATOR.match(piece):
            if start >= 0:
                yield start, offset
            start = offset + len(piece)
        offset += len(piece)
        may_begin = is_whole and piece in _EMPTY
        is_whole = piece.endswith(b"\n")
    if start >= 0:
        yield start, offset


def mail_at(file: BinaryIO, start: int, end: int) -> bytes:
    """The mail between two of those places, without the quoting of its lines and the empty line after it."""
    file.seek(start)
    content = _QUOTED.sub(rb"\1", file.read(end - start))
    for empty in (b"\r\n\r\n", b"\n\n"):
        if content.endswith(empty):
            return content[: -len(empty) // 2]
    return content

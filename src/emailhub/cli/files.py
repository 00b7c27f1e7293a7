"""Mails that are named on the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import BinaryIO

LARGEST = 256 * 1024 * 1024  # octets; the memory that a reader may use would not do for more
_STANDARD_INPUT = "-"


class UnreadableError(Exception):
    """The file cannot be opened or is too large, or reading the mail in it ended the reader."""


def add_files(parser: argparse.ArgumentParser) -> None:
    """The argument FILE..."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a mail (.eml); - reads standard input")


def content_of(file: str) -> bytes:
    """The octets of a file, or of standard input for "-". Raises UnreadableError."""
    try:
        if file == _STANDARD_INPUT:
            return _within_limit(sys.stdin.buffer)
        with Path(file).open("rb") as opened:
            return _within_limit(opened)
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error


def _within_limit(file: BinaryIO) -> bytes:
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UnreadableError(f"it is larger than {LARGEST // 1024 // 1024} MB")
    return content

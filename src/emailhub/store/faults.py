"""Look at every stored file: is it there, and are its bytes those that its name says?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from .content import MissingError, open_name

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Fault:
    """A file that a row names and that cannot be handed out as it was put in."""

    name: str
    what: Literal["missing", "damaged"]


def verify(names: Iterable[str]) -> Iterator[Fault]:
    """Read each of these files and yield those that are missing or whose checksum is wrong."""
    for name in names:
        try:
            with open_name(name) as file:
                if digest(file) != name.rpartition("/")[2]:
                    yield Fault(name, "damaged")
        except MissingError:
            yield Fault(name, "missing")


def digest(file: BinaryIO) -> str:
    """The SHA-256 of what is left to read, in hexadecimal."""
    summed = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        summed.update(chunk)
    return summed.hexdigest()

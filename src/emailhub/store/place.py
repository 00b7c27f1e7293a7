"""What a place must offer that keeps bytes by their names. There are two: a disk and a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Found:
    """A file that lies in a place."""

    name: str
    changed_at: datetime


class Place(Protocol):
    """Names have slashes; no two contents share one, so that a file is never written a second time."""

    def put(self, name: str, content: bytes) -> None:
        """Keep the content. When it returns, neither a crash nor a power cut loses it."""

    def put_file(self, name: str, file: BinaryIO) -> None:
        """The same with what stands in a file from its place on, however large, read piece by piece."""

    def open(self, name: str) -> BinaryIO:
        """A file to read from. Raises FileNotFoundError."""

    def move(self, name: str, to: str) -> None:
        """Give a file another name, at which it counts as changed now. Raises FileNotFoundError."""

    def remove(self, name: str) -> None:
        """Delete a file. Raises FileNotFoundError, or nothing where the place cannot tell."""

    def files(self, under: str = "") -> Iterator[Found]:
        """All files whose names begin with `under`, a folder, in the order of their names."""

    def remove_leftovers(self, before: datetime) -> int:
        """Delete what writers left that were killed before this instant. Returns how many there were."""

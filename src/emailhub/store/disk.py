"""A folder on a disk: written under another name, synced, renamed, the folder synced."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from .place import Found


class Disk:
    """Files below `root`. One whose name begins with a dot is being written, or was left half written."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        return self.root / name

    def put(self, name: str, content: bytes) -> None:
        self.put_file(name, BytesIO(content))

    def put_file(self, name: str, file: BinaryIO) -> None:
        target = self.path(name)
        if not target.exists():
            _make_folder(target.parent)
            _write(target, file)
        _sync_folder(target.parent)  # also for a twin: its writer may not have come that far yet

    def open(self, name: str) -> BinaryIO:
        return self.path(name).open("rb")

    def move(self, name: str, to: str) -> None:
        source, target = self.path(name), self.path(to)
        os.utime(source)  # before the rename: killed in between, it has not been there for long either
        _make_folder(target.parent)
        source.rename(target)
        _sync_folder(target.parent)
        _sync_folder(source.parent)

    def remove(self, name: str) -> None:
        self.path(name).unlink()

    def files(self, under: str = "") -> Iterator[Found]:
        yield from self._walk(self.root / under, f"{under.rstrip('/')}/" if under else "")

    def remove_leftovers(self, before: datetime) -> int:
        old = [path for path in self.root.rglob(".*") if path.is_file() and _changed_at(path) < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _walk(self, folder: Path, prefix: str) -> Iterator[Found]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(Path(entry), f"{prefix}{entry.name}/")
            elif not entry.name.startswith("."):
                yield Found(prefix + entry.name, _changed_at(Path(entry)))


def _changed_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # its writer has just finished, or somebody else has tidied
        return datetime.now(UTC)


def _write(target: Path, content: BinaryIO) -> None:
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(target)
    finally:
        temporary.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each entry durable in its parent."""
    if folder.exists():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Put bytes where neither a crash of the program nor of the machine loses them."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

OPERATOR = "operator"  # the folder of mail that belongs to no company
_KEY = re.compile(r"[0-9a-f]{64}")


class MissingError(Exception):
    """The row is there and its bytes are not: restore them from the back-up of the data folder."""


def put(company_id: int | None, content: bytes) -> str:
    """Store bytes and return their key. When it returns they are on the disk, name and all."""
    key = hashlib.sha256(content).hexdigest()
    target = path(company_id, key)
    if not target.exists():
        _make_folder(target.parent)
        _write(target, content)
    _sync_folder(target.parent)  # also for a twin: its writer may not have come that far yet
    return key


def get(company_id: int | None, key: str) -> bytes:
    """The bytes of a key. Raises MissingError."""
    with open_content(company_id, key) as file:
        return file.read()


def open_content(company_id: int | None, key: str) -> BinaryIO:
    """A file to read the bytes of a key from. Raises MissingError."""
    try:
        return path(company_id, key).open("rb")
    except FileNotFoundError as error:
        raise MissingError(f"no stored bytes for {key} of company {company_id}") from error


def path(company_id: int | None, key: str) -> Path:
    """Where the bytes of a key lie. Raises MissingError for what is no key: no row can name another file."""
    if not _KEY.fullmatch(key):
        raise MissingError(f"{key!r} is no key of stored bytes")
    folder = OPERATOR if company_id is None else str(company_id)
    return Path(settings.DATA_ROOT) / "files" / folder / key[:2] / key


def _write(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
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

"""Put bytes where neither a crash of the program nor of the machine loses them."""

from __future__ import annotations

import contextlib
import hashlib
import re
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from .disk import Disk
from .place import Place

OPERATOR = "operator"  # the folder of mail that belongs to no company
ASIDE = "orphans"  # the folder of files that no row named when somebody tidied (orphans.py)
_PIECE = 1024 * 1024  # bytes
_KEY = re.compile(r"[0-9a-f]{64}")


class MissingError(Exception):
    """The row is there and its bytes are not: restore them from a back-up."""


def put(company_id: int | None, content: bytes) -> str:
    """Store bytes and return their key. When it returns they are kept for good, name and all."""
    key = hashlib.sha256(content).hexdigest()
    place().put(name_of(company_id, key), content)
    return key


def put_file(company_id: int | None, file: BinaryIO) -> str:
    """The same as put() for a file that can be read twice, of which no more than a piece is in memory."""
    start = file.tell()
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    file.seek(start)
    key = digest.hexdigest()
    place().put_file(name_of(company_id, key), file)
    return key


def get(company_id: int | None, key: str) -> bytes:
    """The bytes of a key. Raises MissingError."""
    with open_content(company_id, key) as file:
        return file.read()


def open_content(company_id: int | None, key: str) -> BinaryIO:
    """A file to read the bytes of a key from. Raises MissingError."""
    return open_name(name_of(company_id, key))


def open_name(name: str) -> BinaryIO:
    """A file to read from, also if it was set aside a moment before a row came to name it."""
    files = place()
    try:
        return files.open(name)
    except FileNotFoundError:
        _bring_back(files, name)
    try:
        return files.open(name)
    except FileNotFoundError as error:
        raise MissingError(f"no stored bytes at {name}") from error


def path(company_id: int | None, key: str) -> Path:
    """Where the bytes of a key lie on the disk. Raises MissingError for what is no key.

    Only where is_on_disk().
    """
    files, name = _disk(), name_of(company_id, key)
    found = files.path(name)
    if not found.exists():
        _bring_back(files, name)
    return found


def is_on_disk() -> bool:
    """Whether the bytes lie on a disk of ours, and not in a bucket."""
    return not settings.S3_BUCKET


def name_of(company_id: int | None, key: str) -> str:
    """The name of a key's bytes. Raises MissingError for what is no key: no row can name another file."""
    if not _KEY.fullmatch(key):
        raise MissingError(f"{key!r} is no key of stored bytes")
    folder = OPERATOR if company_id is None else str(company_id)
    return f"{folder}/{key[:2]}/{key}"


def place() -> Place:
    """Where this installation keeps its bytes."""
    if is_on_disk():
        return _disk()
    from .bucket import Bucket  # boto3 is there only where somebody asked for it

    return Bucket()


def _disk() -> Disk:
    return Disk(Path(settings.DATA_ROOT) / "files")


def _bring_back(files: Place, name: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        files.move(f"{ASIDE}/{name}", name)

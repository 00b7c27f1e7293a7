"""Read a back-up: check all of it first, then hand out what it holds."""

from __future__ import annotations

import gzip
import hashlib
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from emailhub import store

from .manifest import DATABASE, END, FILES, MANIFEST, BadArchiveError, End, Manifest

_STORED = re.compile(rf"{FILES}([0-9]{{1,19}}|operator)/([0-9a-f]{{2}})/(\2[0-9a-f]{{62}})")
_DAMAGED = "the back-up is damaged or was cut short: {}. Nothing was changed. Take another one."
_SMALL = 10_000_000  # octets of a member that is read whole to be understood


@dataclass(frozen=True)
class Contents:
    """A back-up that was read from its beginning to its end and is whole."""

    manifest: Manifest
    end: End


def check_archive(file: IO[bytes]) -> Contents:
    """Read all of a back-up and compare every checksum. Raises BadArchiveError."""
    with _members(file) as members:
        beginning = _small(next(members, None), MANIFEST)
        manifest = Manifest.from_json(beginning)
        checksums = hashlib.sha256(beginning).hexdigest(), _checksum_of_database(next(members, None))
        count, size = 0, 0
        for member, content in members:
            if member.name == END:
                end = End.from_json(_small((member, content), END))
                _compare(end, End(*checksums, count, size, end.faults))
                return Contents(manifest, end)
            _check_file(member, content)
            count, size = count + 1, size + member.size
    raise BadArchiveError(_DAMAGED.format("its end is missing"))


def restore_files(file: IO[bytes]) -> None:
    """Put every stored file of a checked back-up where this installation keeps them."""
    place = store.place()
    with _members(file) as members:
        for member, content in members:
            if member.name.startswith(FILES):
                name = member.name.removeprefix(FILES)
                for fault in store.verify([name]):
                    if fault.what == "damaged":  # a put would leave it
                        place.remove(name)
                    place.put(name, content.read())


@contextmanager
def script_of(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The script that makes the database."""
    with _members(file) as members:
        content = next(content for member, content in members if member.name == DATABASE)
        with gzip.open(content) as script:
            yield script  # type: ignore[misc]


@contextmanager
def _members(file: IO[bytes]) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes]]]]:
    """The members one after the other, each with its content, to be read before the next is asked for."""
    file.seek(0)
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            yield _walk(tar)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile) as error:
        raise BadArchiveError(_DAMAGED.format(str(error) or "it is no back-up")) from error


def _walk(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    while (member := tar.next()) is not None:
        content = tar.extractfile(member) if member.isfile() else None
        if content is None:
            raise BadArchiveError(_DAMAGED.format(f"{member.name!r} does not belong there"))
        yield member, content
        tar.members.clear()  # type: ignore[attr-defined]  # or it would remember each


def _small(found: tuple[tarfile.TarInfo, IO[bytes]] | None, name: str) -> bytes:
    if found is None or found[0].name != name or found[0].size > _SMALL:
        raise BadArchiveError("this is no back-up of EmailHub")
    return found[1].read()


def _checksum_of_database(found: tuple[tarfile.TarInfo, IO[bytes]] | None) -> str:
    if found is None or found[0].name != DATABASE:
        raise BadArchiveError(_DAMAGED.format("it has no database"))
    return store.digest(found[1])  # type: ignore[arg-type]


def _check_file(member: tarfile.TarInfo, content: IO[bytes]) -> None:
    named = _STORED.fullmatch(member.name)
    if named is None:
        raise BadArchiveError(_DAMAGED.format(f"{member.name!r} does not belong there"))
    if store.digest(content) != named[3]:  # type: ignore[arg-type]
        raise BadArchiveError(_DAMAGED.format(f"the checksum of {member.name} is wrong"))


def _compare(told: End, found: End) -> None:
    if told != found:
        raise BadArchiveError(
            _DAMAGED.format(
                f"{found.files} of {told.files} files are there"
                if told.files != found.files
                else "a checksum is wrong"
            )
        )

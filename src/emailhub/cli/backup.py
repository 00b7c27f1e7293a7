"""`emailhub backup`: the database and the files of one instant in one archive, while everything runs."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from emailhub import configuration, postgres
from emailhub.cli.environment import ready
from emailhub.cli.errors import REFUSED, CommandError
from emailhub.postgres.cluster import sync_folder

if TYPE_CHECKING:
    from emailhub.cli.archive import End


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="the archive to write, which must not exist yet; -: standard output")


def run(options: argparse.Namespace) -> int:
    _refuse_nothing()
    path = Path(options.file).absolute()
    if options.file == "-":
        with ready():
            return _report(_write(sys.stdout.buffer, None))
    with _whole_or_not_at_all(path) as output, ready():
        end = _write(output, path.parent)
    return _report(end)


def _refuse_nothing() -> None:
    """Refuse where there is no data at all; that of an older version is backed up as it is."""
    root = configuration.data_root()
    if not configuration.read("DATABASE_URL") and not postgres.has_data(root):
        raise CommandError(f"there is no data in {root}: name its folder with EMAILHUB_DATA")


def _write(output: IO[bytes], folder: Path | None) -> End:
    from emailhub.cli.archive import write_archive

    return write_archive(output, folder)


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when all of it is on the disk. It holds everything: only we may read it."""
    if path.exists():
        raise CommandError(f"{path} is there already: name another file")
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _report(end: End) -> int:
    """Say what was written, on standard error: the archive may be on the other. 1: something is missing."""
    print(f"{end.files} files of {end.bytes} bytes, and the database", file=sys.stderr)
    for name, what in end.faults:
        print(f"{what}: {name}", file=sys.stderr)
    if end.faults:
        print(
            f"{len(end.faults)} files are not in the back-up, which holds everything else."
            " See `emailhub stored-files --verify`.",
            file=sys.stderr,
        )
    return REFUSED if end.faults else 0

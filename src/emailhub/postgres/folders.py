"""Where the server's things lie, whose they are, and that nobody else can get at them.

<root>/                    root's when we are root (0711, so that the server's account passes), else ours
  postgres.lock            held by whoever creates, starts or is the server
  postgres.log
  postgres-engines/18.6/   a copy of the wheel's programs
  postgres/                the server's account's own, 0700
    18/                    the data, one folder per major version; the highest is in use
    run/                   the socket, unless its path would be too long
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOCKET = ".s.PGSQL.5432"
# sockaddr_un.sun_path holds 104 bytes on macOS and 108 on Linux, both with the closing NUL.
_LONGEST_SOCKET_PATH = 103
# Not $TMPDIR: every process must find the same folder. Its owner and mode are checked.
_SHORT = Path("/tmp")  # noqa: S108
# initdb puts its own path between double quotes and calls a shell with it.
_UNUSABLE = set('"$`\\\n')
# As root the server runs as the first of these that exists; PostgreSQL refuses to run as root.
_ACCOUNTS = ("emailhub", "postgres", "nobody")


class PostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked. The message says what to do about it."""


class UnreachableError(PostgresError):
    """The account that the server runs as, or we ourselves, cannot get at a folder or program."""


class UnusablePathError(PostgresError):
    """The path of a root has a character that PostgreSQL's programs cannot cope with."""


class NotPrivateError(PostgresError):
    """A folder that must be the server's alone is somebody else's, open to others, or no folder."""


@dataclass(frozen=True)
class Account:
    """The operating system's user that the server runs as."""

    uid: int
    gid: int
    name: str

    def identity(self) -> dict[str, Any]:
        """Arguments for `subprocess` that make the child run as this account."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def takes(self, descriptor: int) -> None:
        """Give an open file to this account."""
        if self.uid != os.geteuid():
            os.fchown(descriptor, self.uid, self.gid)


@dataclass(frozen=True)
class Folders:
    """The places of one installation, derived from its root (absolute, without symbolic links)."""

    root: Path

    @classmethod
    def of(cls, root: Path) -> Folders:
        return cls(root.expanduser().resolve())

    @property
    def lock(self) -> Path:
        return self.root / "postgres.lock"

    @property
    def log(self) -> Path:
        return self.root / "postgres.log"

    @property
    def engines(self) -> Path:
        return self.root / "postgres-engines"

    @property
    def private(self) -> Path:
        return self.root / "postgres"

    @property
    def sockets(self) -> Path:
        """The socket's folder. A comma would make libpq read a list of hosts out of the path."""
        inside = self.private / "run"
        if len(os.fsencode(inside / SOCKET)) <= _LONGEST_SOCKET_PATH and "," not in str(inside):
            return inside
        return _SHORT / f"emailhub-{_digest(self.root)}"

    def data(self) -> Path | None:
        """The data folder in use: that of the highest major version, or None before the first start."""
        made = [path.parent for path in self.private.glob("*/PG_VERSION") if path.parent.name.isdigit()]
        return max(made, key=lambda path: int(path.name), default=None)


def default_root(checkout: Path | None = None) -> Path:
    """Where the data lies when nothing is named.

    As root under /var/lib, one folder per checkout, because the server's account cannot reach a checkout in
    root's home. Otherwise in the checkout, and without one in the user's data folder (XDG base directories).
    """
    inside = checkout is not None and (checkout / "src" / "emailhub").is_dir()
    if os.geteuid() == 0:
        return Path("/var/lib/emailhub") / (_slug(checkout.resolve()) if checkout and inside else "main")
    if checkout and inside:
        return checkout.resolve() / "data"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "emailhub"


def create_root(root: Path) -> None:
    """Make the root folder with the mode that it needs. One that is there is left as it is."""
    folders = Folders.of(root)
    try:
        folders.root.parent.mkdir(parents=True, exist_ok=True)
        folders.root.mkdir()
    except FileExistsError:
        return
    except OSError as error:
        raise UnreachableError(
            f"Cannot create {folders.root}: {error.strerror}. Name another folder."
        ) from error
    folders.root.chmod(0o711 if os.geteuid() == 0 else 0o700)


def account_of(folders: Folders) -> Account:
    """Whom the server runs as: the data's owner; without data ourselves, or as root an ordinary account."""
    if os.geteuid() != 0:
        return _account(os.geteuid())
    try:
        owner = folders.private.lstat().st_uid
    except FileNotFoundError:
        owner = 0
    return _account(owner) if owner else _ordinary_account()


def prepare(folders: Folders, account: Account) -> None:
    """Make the folders of an installation, or make sure that those which are there are right."""
    if _UNUSABLE & set(str(folders.root)):
        raise UnusablePathError(f"Name a data folder without quotes, $, ` and \\: {folders.root}")
    create_root(folders.root)
    _check_reach(folders.root, account)
    for folder in (folders.private, folders.sockets):
        _make_private(folder, account)


def check_private(folder: Path, account: Account) -> None:
    """Refuse a folder that another user made, may enter or may exchange (a symbolic link)."""
    try:
        found = folder.lstat()
    except PermissionError as error:
        raise UnreachableError(f"{folder} belongs to another user. Run this as that user.") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise NotPrivateError(
            f"{folder} must be a folder of {account.name} that nobody else may enter (mode 0700), "
            f"but it is {stat.filemode(found.st_mode)} of {_account(found.st_uid).name}. "
            f"Run this as its owner, remove it if it is not yours, or name another data folder."
        )


def open_private(path: Path, account: Account, flags: int = os.O_RDWR | os.O_CREAT) -> int:
    """Open a file for the server's account and ourselves alone, never through a planted link."""
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise UnreachableError(f"{path} belongs to another user. Run this as that user.") from error
    account.takes(descriptor)
    return descriptor


def _make_private(folder: Path, account: Account) -> None:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        check_private(folder, account)
    except OSError as error:
        raise UnreachableError(
            f"Cannot create {folder}: {error.strerror}. Name another data folder."
        ) from error
    else:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def _check_reach(folder: Path, account: Account) -> None:
    for step in (folder, *folder.parents)[::-1]:
        # Asked by trying as that account: mode bits alone say nothing about access lists.
        if subprocess.run(["test", "-x", step], check=False, **account.identity()).returncode:
            raise UnreachableError(
                f"The data cannot lie in {folder}: PostgreSQL runs as {account.name}, who may not enter"
                f" {step}. Name a folder that it can reach, or none: as root the data then lies under"
                f" /var/lib/emailhub."
            )


def _ordinary_account() -> Account:
    for name in _ACCOUNTS:
        try:
            return _account(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise UnreachableError(
        "PostgreSQL does not run as root. Add an account for it: useradd --system emailhub"
    )


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(uid, os.getgid(), f"user {uid}")
    return Account(uid, entry.pw_gid, entry.pw_name)


def _slug(path: Path) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", path.name.lower()).strip("-")[:20]
    return f"{name or 'checkout'}-{_digest(path)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]

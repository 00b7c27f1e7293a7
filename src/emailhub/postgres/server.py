"""A running server as the rest of the house sees it: start or adopt it, connect to it, stop it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from emailhub.postgres import roles
from emailhub.postgres.binaries import choice_of_environment, choose, keep
from emailhub.postgres.cluster import (
    PORT,
    Cluster,
    StartFailedError,
    StillBusyError,
    answer,
    end,
    locked,
)
from emailhub.postgres.folders import Account, Folders, account_of, check_private, prepare

_PAUSE = 0.05  # seconds between two attempts to start or adopt


@dataclass(frozen=True)
class Server:
    """A server that answered. `adopted`: another process started it, and `stop` leaves it alone."""

    root: Path
    bindir: Path
    socket_dir: Path
    data_dir: Path
    version: str
    adopted: bool
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False, compare=False)

    def parameters(self, *, role: roles.Role = "app", dbname: str = roles.DATABASE) -> dict[str, str]:
        """Connection keywords as psycopg takes them: host, port, user, dbname."""
        return _parameters(self.socket_dir, role, dbname)

    def is_alive(self) -> bool:
        """Whether a server answers for this data now; it need not be the process that we started."""
        return answer(self.socket_dir, self.data_dir) is not None

    def stop(self) -> None:
        """Shut the server down if we started it, and wait for its end."""
        if self._process is not None:
            end(self._process)

    def shut_down(self) -> None:
        """Shut the server down whoever started it, and wait for its end. Nothing, if it has ended."""
        if self._process is None:
            _end_adopted(Folders.of(self.root), self)
        self.stop()


def start(
    root: Path,
    *,
    bindir: Path | None = None,
    settings: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Server:
    """Start the server of this root, making its data if there is none, or adopt the running one.

    Database, roles and extensions are there when it returns. `bindir` names a folder of PostgreSQL's
    programs; else EMAILHUB_POSTGRES in the environment ("wheel", "installed" or a folder). `settings`
    are postgresql.conf's; a server that runs already keeps its own. `timeout` is in seconds. Raises a
    PostgresError whose message says what to do.
    """
    folders = Folders.of(root)
    account = account_of(folders)
    prepare(folders, account)
    server = _adopt_or_launch(folders, account, bindir or choice_of_environment(), settings or {}, timeout)
    try:
        roles.ensure(server.socket_dir, PORT)
    except BaseException as error:
        server.stop()
        if isinstance(error, psycopg.Error):
            raise StartFailedError(
                f"PostgreSQL runs, but its database could not be set up: {error}"
            ) from error
        raise
    return server


def find_running(root: Path) -> Server | None:
    """The server of this root if one answers. Changes nothing."""
    return _running(Folders.of(root))


def has_data(root: Path) -> bool:
    """Whether a server was ever started for this root. Changes nothing."""
    return Folders.of(root).data() is not None


def parameters(root: Path, *, role: roles.Role = "app", dbname: str = roles.DATABASE) -> dict[str, str]:
    """Connection keywords for the server of this root, whether it runs or not, without asking it."""
    folders = Folders.of(root)
    _check_sockets(folders)
    return _parameters(folders.sockets, role, dbname)


def _adopt_or_launch(
    folders: Folders,
    account: Account,
    choice: str | Path | None,
    settings: Mapping[str, str],
    patience: float,
) -> Server:
    deadline = time.monotonic() + patience
    while True:
        if server := _running(folders):
            return server
        with locked(folders, account) as lock:
            if lock is not None:
                return _launch(folders, account, choice, lock, settings, deadline)
        if time.monotonic() > deadline:
            raise StillBusyError(
                f"Something holds {folders.lock} but does not answer: a server that starts, recovers or ends,"
                f" or whose data was moved while it ran. See {folders.log}, and try again later."
            )
        time.sleep(_PAUSE)


def _launch(
    folders: Folders,
    account: Account,
    choice: str | Path | None,
    lock: int,
    settings: Mapping[str, str],
    deadline: float,
) -> Server:
    engine = keep(choose(folders, choice), folders, account)
    data = folders.data()
    cluster = Cluster(folders, account, engine, data or folders.private / str(engine.major))
    if data is None:
        cluster.create(lock)
    process = cluster.launch(lock, settings, deadline)
    return Server(
        root=folders.root,
        bindir=engine.bindir,
        socket_dir=folders.sockets,
        data_dir=cluster.data,
        version=engine.version,
        adopted=False,
        _process=process,
    )


def _running(folders: Folders) -> Server | None:
    data = folders.data()
    if data is None or not _check_sockets(folders):
        return None
    version = answer(folders.sockets, data)
    if version is None:
        return None
    return Server(folders.root, _bindir_of(data), folders.sockets, data, version, adopted=True)


def _end_adopted(folders: Folders, server: Server, patience: float = 60) -> None:
    """A fast shutdown of a server that is not our child: over when nobody holds the lock any more."""
    if not server.is_alive():
        return
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):  # it ended just now
        pid = int((server.data_dir / "postmaster.pid").read_text().partition("\n")[0])
        os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with locked(folders, account_of(folders)) as lock:
            if lock is not None:
                return
        time.sleep(_PAUSE)


def _check_sockets(folders: Folders) -> bool:
    """Whether the socket's folder is there. Refuses one that another user has put in its place."""
    try:
        check_private(folders.sockets, account_of(folders))
    except FileNotFoundError:
        return False
    return True


def _bindir_of(data: Path) -> Path:
    """Where the running server's program lies: its data holds its command line, the program unquoted."""
    return Path((data / "postmaster.opts").read_text().partition(' "')[0]).parent


def _parameters(sockets: Path, role: roles.Role, dbname: str) -> dict[str, str]:
    # The port is named as well, or a PGPORT of the environment would be taken.
    return {"host": str(sockets), "port": str(PORT), "user": roles.NAMES[role], "dbname": dbname}

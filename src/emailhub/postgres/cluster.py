"""One PostgreSQL server as operating system processes: make its data, run it, wait for it, end it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from emailhub.postgres.binaries import Engine
from emailhub.postgres.folders import Account, Folders, PostgresError, open_private

SUPERUSER = "postgres"
PORT = 5432
# With any of these off, mail that was acknowledged could be lost when the power fails.
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_SMALL_MACHINE = {
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_parallel_workers_per_gather": "0",  # would need more than the 64 MB of /dev/shm that a container has
    "jit": "off",
    "log_line_prefix": "%m [%p] ",
    "log_min_error_statement": "panic",  # a statement may carry a customer's whole mail
    "log_error_verbosity": "terse",  # its DETAIL names the row that was refused, with all that is in it
}
_LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": _LOCALE, "TZ": "UTC"}  # nothing of ours, no PG* variables
_NO_PROCESS = 2147483646  # no system hands out this pid
_LARGEST_LOG = 10_000_000  # bytes
_WHO_ARE_YOU = (
    "SELECT current_setting('data_directory'), current_setting('server_version'), current_setting('fsync')"
)
_PAUSE = 0.05  # seconds between two looks


class UnsafeSettingError(PostgresError):
    """A setting would risk acknowledged mail, or is not the caller's to choose."""


class StartFailedError(PostgresError):
    """PostgreSQL, or the program that makes its data, ended with an error. The message quotes it."""


class StillBusyError(PostgresError):
    """Time ran out while a server was still starting, recovering or ending. Trying again later is right."""


@dataclass(frozen=True)
class Cluster:
    """One data folder, and all that is needed to run it. Every method but `answer` needs the lock."""

    folders: Folders
    account: Account
    engine: Engine
    data: Path
    port: int = PORT

    def create(self, lock: int) -> None:
        """Make new data. It appears under its name when it is whole and on the disk, or not at all."""
        half = self.data.with_suffix(".half")
        remove(half)
        self._run("initdb", "--pgdata", str(half), *_initdb_options(self.engine), lock=lock)
        half.rename(self.data)
        sync_folder(self.data.parent)

    def launch(self, lock: int, settings: Mapping[str, str], deadline: float) -> subprocess.Popen[bytes]:
        """Start the server as our child and wait until it answers."""
        options = self._options(settings)
        self._forget_dead_server()
        log = open_log(self.folders, self.account)
        try:
            begin = os.fstat(log).st_size
            # The server inherits the lock: it stays locked for as long as any of its processes lives.
            process = subprocess.Popen(
                [self.engine.bindir / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock,),
                start_new_session=True,  # Ctrl+C in a terminal is for us: we then end it in order
                **self.surroundings(),
            )
        finally:
            os.close(log)
        self._wait(process, deadline, begin)
        return process

    def answer(self) -> str | None:
        """The version of the server that runs this very data, or None when none answers."""
        return answer(self.folders.sockets, self.data, self.port)

    def surroundings(self) -> dict[str, Any]:
        """Arguments for `subprocess`: as the server's account, with nothing of our own environment."""
        return {"env": _ENVIRONMENT, "cwd": "/", **self.account.identity()}

    def _wait(self, process: subprocess.Popen[bytes], deadline: float, begin: int) -> None:
        with contextlib.ExitStack() as undo:
            undo.callback(end, process)
            while not self.answer():
                if process.poll() is not None:
                    raise StartFailedError(f"PostgreSQL did not start. {quote(self.folders.log, begin)}")
                if time.monotonic() > deadline:
                    undo.pop_all()  # ended now, a long recovery would begin anew each time and never be done
                    raise StillBusyError(
                        f"PostgreSQL is still starting, and goes on: see {self.folders.log}. Try again later."
                    )
                time.sleep(_PAUSE)
            undo.pop_all()

    def _options(self, settings: Mapping[str, str]) -> list[str]:
        fixed = _DURABLE | {
            "listen_addresses": "",
            "port": str(self.port),
            "unix_socket_directories": f'"{self.folders.sockets}"',  # unquoted, commas would separate a list
            "unix_socket_permissions": "0700",
        }
        taken = sorted(fixed.keys() & settings.keys())
        if taken:
            raise UnsafeSettingError(
                f"{', '.join(taken)} cannot be set: the embedded PostgreSQL needs its own value."
            )
        chosen = _SMALL_MACHINE | dict(settings) | fixed
        return [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]

    def _forget_dead_server(self) -> None:
        """Remove what a killed server left. We hold the lock: no process of it lives, whatever a pid says."""
        for leftover in self.folders.sockets.glob(f".s.PGSQL.{self.port}*"):
            leftover.unlink()
        pid_file = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            with os.fdopen(open_private(pid_file, self.account, os.O_RDONLY)) as file:
                lines = file.read().splitlines()
            self._refuse_stranger(lines)
            pid_file.unlink()
            if len(lines) > 6:
                # Line 7 names the shared memory. With it the new server notices one that was started by hand.
                create = os.O_WRONLY | os.O_CREAT | os.O_EXCL
                with os.fdopen(open_private(pid_file, self.account, create), "w") as file:
                    file.write("\n".join([str(_NO_PROCESS), *lines[1:], ""]))

    def _refuse_stranger(self, lines: list[str]) -> None:
        """A server that was started by hand holds no lock of ours, but answers where its pid file says."""
        if len(lines) > 4 and lines[3].isdigit() and answer(Path(lines[4]), self.data, int(lines[3])):
            raise StillBusyError(
                f"A server started by hand runs on {self.data} (process {lines[0]}). Stop it."
            )

    def _run(self, program: str, *arguments: str, lock: int) -> None:
        done = subprocess.run(
            [self.engine.bindir / program, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            pass_fds=(lock,),
            **self.surroundings(),
        )
        if done.returncode:
            raise StartFailedError(f"{program} failed: {done.stderr.strip()}")


def answer(sockets: Path, data: Path, port: int = PORT) -> str | None:
    """The version of the server behind this socket if it runs this data, or None when none answers."""
    try:
        with connect(sockets, port=port) as connection:
            directory, version, fsync = connection.execute(_WHO_ARE_YOU).fetchone() or ("", "", "")
    except psycopg.OperationalError:
        return None
    if directory != str(data):
        return None
    if fsync != "on":
        raise UnsafeSettingError(f"The server on {data} runs with fsync off and could lose mail. Stop it.")
    return str(version).partition(" ")[0]


def connect(
    sockets: Path, *, user: str = SUPERUSER, dbname: str = "postgres", port: int = PORT
) -> psycopg.Connection[tuple[str, ...]]:
    """An autocommitting connection. Keywords, never one string: a space in a path would break it."""
    return psycopg.connect(
        host=str(sockets), port=port, user=user, dbname=dbname, connect_timeout=5, autocommit=True
    )


@contextlib.contextmanager
def locked(folders: Folders, account: Account) -> Iterator[int | None]:
    """Hold the root's lock as an open file that children may inherit; None when somebody else holds it."""
    lock = open_private(folders.lock, account)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield None
    else:
        yield lock
    finally:
        os.close(lock)


def end(process: subprocess.Popen[bytes], patience: float = 60) -> None:
    """Fast shutdown; after `patience` seconds the immediate one, which the next start recovers from."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def remove(data: Path) -> None:
    """Delete a data folder that is not in use, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(data)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _initdb_options(engine: Engine) -> list[str]:
    # Sorting is by code point on every version; upper and lower case and letters are Unicode's.
    provider = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if engine.major >= 17
        else ["--lc-collate=C"]
    )
    access = ["--username", SUPERUSER, "--auth-local=trust", "--auth-host=reject"]
    return [*access, "--encoding=UTF8", "--locale", _LOCALE, *provider, "--data-checksums"]


def open_log(folders: Folders, account: Account) -> int:
    """Open the log to append to it; one that has grown large is put aside first."""
    with contextlib.suppress(FileNotFoundError):
        if folders.log.lstat().st_size > _LARGEST_LOG:
            folders.log.replace(folders.log.with_suffix(".log.1"))
    return open_private(folders.log, account, os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def quote(log: Path, begin: int) -> str:
    """The last lines of the log after byte `begin`, for an error message."""
    with log.open("rb") as file:
        file.seek(begin)
        lines = file.read()[-4000:].decode("utf-8", "replace").splitlines()[-12:]
    return "\n  ".join([f"{log} says:", *lines])

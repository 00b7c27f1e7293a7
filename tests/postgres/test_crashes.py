"""Whatever was killed, and whatever it left behind, the next start works and no row is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from emailhub import postgres
from emailhub.postgres.cluster import connect
from emailhub.postgres.folders import Folders, account_of

from .conftest import Person


def _starts_and_keeps(root: Path, engine: Path) -> None:
    server = postgres.start(root, bindir=engine)
    assert not server.adopted
    with psycopg.connect(**server.parameters()) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("here",)
    server.stop()


def _pid_file(root: Path) -> Path:
    data = Folders.of(root).data()
    assert data is not None
    return data / "postmaster.pid"


def _kill_server(root: Path) -> None:
    os.kill(int(_pid_file(root).read_text().split()[0]), signal.SIGKILL)


@contextmanager
def _foreign_process() -> Iterator[int]:
    process = subprocess.Popen(["sleep", "60"])
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def test_a_server_whose_starter_was_killed_is_adopted(person: Person, made: Path, engine: Path) -> None:
    starter = person.begins(lambda: postgres.start(made, bindir=engine).adopted)
    starter.result()
    starter.kill()

    @person.does
    def _() -> None:
        server = postgres.start(made, bindir=engine)
        assert server.adopted
        server.stop()
        assert server.is_alive()


def test_a_killed_server_is_started_again_even_as_our_unreaped_child(
    person: Person, made: Path, engine: Path
) -> None:
    @person.does
    def _() -> None:
        server = postgres.start(made, bindir=engine)
        with psycopg.connect(**server.parameters(role="owner")) as connection:
            connection.execute("INSERT INTO kept VALUES ('committed')")
        _kill_server(made)
        again = postgres.start(made, bindir=engine)
        assert not again.adopted
        with psycopg.connect(**again.parameters()) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (2,)
        again.stop()


def test_a_starter_killed_while_it_made_the_data_leaves_nothing_in_the_way(
    ourselves: Person, our_root: Path, engine: Path
) -> None:
    starter = ourselves.begins(lambda: postgres.start(our_root, bindir=engine).adopted)
    while not list(our_root.glob("postgres/*.half/PG_VERSION")):
        time.sleep(0.005)
    starter.kill()

    @ourselves.does
    def _() -> None:
        server = postgres.start(our_root, bindir=engine)
        assert not server.adopted
        assert not list(our_root.glob("postgres/*.half"))
        server.stop()


@pytest.mark.parametrize("left", ["", "4711\n/somewhere\n17"], ids=["empty", "half"])
def test_a_truncated_pid_file_does_not_stop_the_start(
    person: Person, made: Path, engine: Path, left: str
) -> None:
    @person.does
    def _() -> None:
        _pid_file(made).write_text(left) if os.geteuid() else _write_as_server(made, left)
        _starts_and_keeps(made, engine)


def _write_as_server(root: Path, text: str) -> None:
    path = _pid_file(root)
    path.write_text(text)
    account = account_of(Folders.of(root))
    os.chown(path, account.uid, account.gid)


def test_a_stale_pid_file_with_a_reused_pid_does_not_stop_the_start(
    person: Person, made: Path, engine: Path
) -> None:
    @person.does
    def _() -> None:
        server = postgres.start(made, bindir=engine)
        text = _pid_file(made).read_text()
        socket_lock = server.socket_dir / ".s.PGSQL.5432.lock"
        lock_text = socket_lock.read_text()
        _kill_server(made)
        account = account_of(Folders.of(made))
        reused = subprocess.Popen(
            ["sleep", "60"], **account.identity()
        )  # the kernel would let it be signalled
        try:
            old = text.split("\n", 1)[0]
            _write_as_server(made, text.replace(old, str(reused.pid), 1))
            socket_lock.write_text(lock_text.replace(old, str(reused.pid), 1))
            _starts_and_keeps(made, engine)
            assert reused.poll() is None
        finally:
            reused.kill()
            reused.wait()


def test_a_stale_pid_file_with_our_own_pid_does_not_stop_the_start(
    our_made: Path, ourselves: Person, wheel: Path
) -> None:
    @ourselves.does
    def _() -> None:
        _write_as_server(our_made, f"{os.getpid()}\n/somewhere\n1\n5432\n/tmp\n\n 1 2\nready\n")
        _starts_and_keeps(our_made, wheel)


def test_while_a_backend_of_a_killed_server_still_works_nobody_starts_a_second_one(
    our_made: Path, ourselves: Person
) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_made)
        busy = connect(server.socket_dir)
        backend = busy.info.backend_pid
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000) n WHERE n % 7 = 8")
        time.sleep(0.3)
        try:
            _kill_server(our_made)
            with pytest.raises(postgres.StillBusyError, match=r"postgres\.lock"):
                postgres.start(our_made, timeout=1)
        finally:
            os.kill(backend, signal.SIGKILL)
        again = postgres.start(our_made)
        assert not again.adopted
        again.stop()


def test_a_server_that_somebody_started_by_hand_is_refused_and_left_alone(
    our_made: Path, ourselves: Person, wheel: Path
) -> None:
    @ourselves.does
    def _() -> None:
        with _by_hand(our_made, wheel, f"unix_socket_directories={our_made / 'postgres'}") as process:
            with pytest.raises(postgres.StillBusyError, match=f"started by hand.*{process.pid}"):
                postgres.start(our_made, bindir=wheel)
            assert process.poll() is None


def test_a_running_server_with_fsync_off_is_refused(our_made: Path, ourselves: Person, wheel: Path) -> None:
    @ourselves.does
    def _() -> None:
        sockets = f"unix_socket_directories={Folders.of(our_made).sockets}"
        with (
            _by_hand(our_made, wheel, sockets, "fsync=off"),
            pytest.raises(postgres.UnsafeSettingError, match="fsync"),
        ):
            postgres.start(our_made, bindir=wheel)


@contextmanager
def _by_hand(root: Path, bindir: Path, *settings: str) -> Iterator[subprocess.Popen[bytes]]:
    data = _pid_file(root).parent
    options = [word for setting in ("listen_addresses=", *settings) for word in ("-c", setting)]
    process = subprocess.Popen(
        [str(bindir / "postgres"), "-D", str(data), *options],
        stderr=subprocess.DEVNULL,
        **account_of(Folders.of(root)).identity(),
    )
    try:
        while not (data / "postmaster.pid").exists() or "ready" not in (data / "postmaster.pid").read_text():
            time.sleep(0.02)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()

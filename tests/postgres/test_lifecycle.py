"""A server is created, adopted, stopped and found again."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import psycopg
import pytest

from emailhub import postgres
from emailhub.postgres.cluster import connect

from .conftest import Person


def _setting(server: postgres.Server, name: str) -> str:
    with connect(server.socket_dir) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return row[0]


def _kept(root: Path) -> str:
    with psycopg.connect(**postgres.parameters(root)) as connection:
        row = connection.execute("SELECT word FROM kept").fetchone()
    assert row is not None
    return str(row[0])


def _start_and_tell(root: Path, engine: Path) -> bool:
    server = postgres.start(root, bindir=engine)
    with psycopg.connect(**server.parameters()) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("emailhub_app",)
    return server.adopted


def test_a_server_is_durable_and_has_no_listener(person: Person, made: Path, engine: Path) -> None:
    @person.does
    def _() -> None:
        server = postgres.start(made, bindir=engine)
        assert not server.adopted
        assert server.is_alive()
        assert _setting(server, "listen_addresses") == ""
        assert _setting(server, "fsync") == "on"
        assert _setting(server, "synchronous_commit") == "on"
        assert _setting(server, "data_checksums") == "on"
        assert _setting(server, "server_encoding") == "UTF8"
        assert _setting(server, "server_version").split()[0] == server.version
        server.stop()
        assert not server.is_alive()


def test_nobody_else_may_enter_data_and_socket(person: Person, made: Path) -> None:
    for folder in (made / "postgres", made / "postgres" / "run", *(made / "postgres").glob("[0-9]*")):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (made / "postgres.lock", made / "postgres.log"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    if os.geteuid() == 0:
        assert (made / "postgres").stat().st_uid != 0


def test_a_second_process_adopts_and_only_the_first_one_stops(
    person: Person, made: Path, engine: Path
) -> None:
    first = person.begins(lambda: postgres.start(made, bindir=engine).adopted)
    assert first.result() is False

    @person.does
    def _() -> None:
        server = postgres.start(made, bindir=engine)
        assert server.adopted
        assert server == postgres.find_running(made)
        server.stop()
        assert server.is_alive()
        assert _kept(made) == "here"

    first.leave()


def test_stopping_ends_it_and_the_data_is_there_at_the_next_start(
    person: Person, made: Path, engine: Path
) -> None:
    @person.does
    def _() -> None:
        server = postgres.start(made, bindir=engine)
        server.stop()
        assert postgres.find_running(made) is None
        again = postgres.start(made, bindir=engine)
        assert not again.adopted
        assert _kept(made) == "here"
        again.stop()


def test_of_six_starters_at_once_one_creates_and_the_others_adopt(
    person: Person, root: Path, engine: Path
) -> None:
    starters = [person.begins(_start_and_tell, root, engine) for _ in range(6)]
    assert sorted(starter.result() for starter in starters) == [False] + [True] * 5


def test_of_two_starters_at_once_one_starts_and_the_other_adopts(
    person: Person, made: Path, engine: Path
) -> None:
    starters = [person.begins(_start_and_tell, made, engine) for _ in range(2)]
    assert sorted(starter.result() for starter in starters) == [False, True]


def test_ctrl_c_in_the_terminal_reaches_us_and_not_the_server(our_made: Path, ourselves: Person) -> None:
    def begin() -> None:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        postgres.start(our_made)

    starter = ourselves.begins(begin)
    starter.result()
    os.killpg(starter.process.pid or 0, signal.SIGINT)
    assert postgres.find_running(our_made) is not None


def test_looking_for_a_server_changes_nothing(our_root: Path) -> None:
    assert postgres.find_running(our_root) is None
    assert not our_root.exists()


def test_parameters_need_no_server_and_ignore_the_environment(
    our_made: Path, ourselves: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGUSER", "somebody")
    monkeypatch.setenv("PGDATABASE", "elsewhere")
    before = postgres.parameters(our_made, role="owner")

    @ourselves.does
    def _() -> None:
        server = postgres.start(our_made)
        assert server.parameters(role="owner") == before
        with psycopg.connect(**before) as connection:
            asked = connection.execute("SELECT current_user, current_database()").fetchone()
        assert asked == ("emailhub", "emailhub")
        server.stop()


def test_a_server_that_needs_longer_goes_on_and_is_adopted_later(our_made: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.StillBusyError, match="Try again"):
            postgres.start(our_made, timeout=0)
        assert postgres.start(our_made).adopted


def test_a_failing_start_quotes_the_servers_own_words(our_made: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.StartFailedError, match="no_such_library"):
            postgres.start(our_made, settings={"shared_preload_libraries": "no_such_library"})
        postgres.start(our_made).stop()


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit", "listen_addresses"])
def test_settings_that_risk_mail_or_open_a_port_are_refused(
    our_made: Path, ourselves: Person, name: str
) -> None:
    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.UnsafeSettingError, match=name):
            postgres.start(our_made, settings={name: "off"})
        assert postgres.find_running(our_made) is None


def test_other_settings_take_effect(our_made: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_made, settings={"max_connections": "23"})
        assert _setting(server, "max_connections") == "23"
        server.stop()


def test_the_log_does_not_repeat_a_row_that_was_refused(our_made: Path, ourselves: Person) -> None:
    """A row may be a customer's whole mail, and a statement too."""

    @ourselves.does
    def _() -> None:
        server = postgres.start(our_made)
        with psycopg.connect(**server.parameters(role="owner"), autocommit=True) as connection:
            connection.execute("CREATE TEMP TABLE mails (id integer UNIQUE, subject text NOT NULL)")
            for refused in ("(1, NULL), (1, 'canary')", "(1, 'canary'), (1, 'canary')"):
                with pytest.raises(psycopg.IntegrityError, match="DETAIL"):
                    connection.execute(f"INSERT INTO mails VALUES {refused}")
        server.stop()
        log = (our_made / "postgres.log").read_text()
        assert "duplicate key value" in log
        assert "canary" not in log
        assert "DETAIL" not in log

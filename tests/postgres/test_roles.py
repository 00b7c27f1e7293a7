"""The database and its roles are there after every start, with the rights that they should have."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from emailhub import postgres
from emailhub.postgres.cluster import connect

from .conftest import Person


def test_owner_and_application_have_their_rights_and_no_more(
    person: Person, made: Path, engine: Path
) -> None:
    @person.does
    def _() -> None:
        server = postgres.start(made, bindir=engine)
        with connect(server.socket_dir) as connection:
            rights = connection.execute(
                "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
                " FROM pg_roles WHERE rolname LIKE 'emailhub%' ORDER BY rolname"
            ).fetchall()
        assert rights == [
            ("emailhub", True, False, False, False, True),
            ("emailhub_app", True, False, False, False, False),
        ]
        server.stop()


def test_the_owner_migrates_and_the_application_owns_nothing(
    person: Person, made: Path, engine: Path
) -> None:
    @person.does
    def _() -> None:
        server = postgres.start(made, bindir=engine)
        with psycopg.connect(**server.parameters(role="owner")) as owner:
            owner.execute("CREATE TABLE migrated (id int)")
            owner.execute("SET ROLE emailhub_app")
            assert owner.execute("SELECT current_user").fetchone() == ("emailhub_app",)
        with psycopg.connect(**server.parameters()) as application:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute("CREATE TABLE own (id int)")
            application.rollback()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute("SET ROLE emailhub")
        server.stop()


def test_text_is_compared_by_unicode_and_search_has_its_extensions(
    person: Person, made: Path, engine: Path
) -> None:
    @person.does
    def _() -> None:
        server = postgres.start(made, bindir=engine)
        with psycopg.connect(**server.parameters()) as connection:
            query = "SELECT unaccent('ñ'), lower('ÄÖÑ'), show_trgm('año') <> '{}'"
            row = connection.execute(query).fetchone()
            assert row == ("n", "äöñ", True)
            words = connection.execute(
                "SELECT w FROM unnest(ARRAY['ä', 'b', 'A', 'Z']) w ORDER BY w"
            ).fetchall()
            assert [word for (word,) in words] == ["A", "Z", "b", "ä"]
            if connection.info.server_version >= 170000:
                query = "SELECT datlocprovider::text FROM pg_database WHERE datname = current_database()"
                assert connection.execute(query).fetchone() == ("b",)
        server.stop()


def test_rights_that_crept_in_are_taken_back_at_the_next_start(our_made: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_made)
        with connect(server.socket_dir) as connection:
            connection.execute("ALTER ROLE emailhub_app SUPERUSER BYPASSRLS")
        postgres.start(our_made)
        with psycopg.connect(**server.parameters()) as application:
            query = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
            assert application.execute(query).fetchone() == (False, False)
        server.stop()


def test_what_is_missing_is_made_again(our_made: Path, ourselves: Person) -> None:
    @ourselves.does
    def _() -> None:
        server = postgres.start(our_made)
        with connect(server.socket_dir) as connection:
            connection.execute("DROP DATABASE emailhub")
            connection.execute("DROP ROLE emailhub_app")
        assert postgres.start(our_made).adopted
        with psycopg.connect(**server.parameters()) as application:
            assert application.execute("SELECT unaccent('é')").fetchone() == ("e",)
        server.stop()

"""An existing PostgreSQL: with one log-in, with two, and with roles that are too weak or too strong."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg import sql

from emailhub import postgres
from tests.cli.installation import Installation

pytestmark = pytest.mark.slow


@dataclass
class Existing:
    """A database on the tests' server, its owner, and the statements of its administrator."""

    name: str
    host: str

    def execute(self, statement: str, **names: str) -> None:
        with psycopg.connect(
            host=self.host, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            identifiers = {key: sql.Identifier(value) for key, value in names.items()}
            connection.execute(sql.SQL(statement).format(**identifiers))

    def url(self, user: str) -> str:
        return f"postgresql://{user}@/{self.name}?{urlencode({'host': self.host})}"

    @property
    def owner(self) -> str:
        return f"{self.name}_owner"

    @property
    def role(self) -> str:
        return f"{self.name}_role"

    def one_log_in(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url(self.owner), "EMAILHUB_DATABASE_ROLE": self.role}

    def two_log_ins(self, lesser: str) -> dict[str, str]:
        return {"DATABASE_OWNER_URL": self.url(self.owner), "DATABASE_URL": self.url(lesser)}


@pytest.fixture
def existing() -> Iterator[Existing]:
    host = postgres.parameters(Path(os.environ["EMAILHUB_TEST_ROOT"]))["host"]
    made = Existing(f"existing_{secrets.token_hex(4)}", host)
    made.execute("CREATE ROLE {owner} LOGIN NOSUPERUSER", owner=made.owner)
    made.execute("CREATE DATABASE {name} OWNER {owner}", name=made.name, owner=made.owner)
    yield made
    made.execute("DROP DATABASE {name} WITH (FORCE)", name=made.name)
    for role in (made.role, made.owner):
        made.execute("DROP ROLE IF EXISTS {role}", role=role)


def create_company(empty: Installation, settings: dict[str, str]) -> None:
    done = empty.command("createcompany", "Dealer", "--admin", "olga@dealer.example", settings=settings)
    assert done.returncode == 0, done.stderr
    assert "Team's address: support.dealer@inbox.example" in done.stdout
    assert not (empty.data / "postgres").exists()


def test_one_log_in_that_may_create_roles_makes_the_lesser_one(
    empty: Installation, existing: Existing
) -> None:
    existing.execute("ALTER ROLE {owner} CREATEROLE", owner=existing.owner)
    create_company(empty, existing.one_log_in())
    with psycopg.connect(host=existing.host, user=existing.owner, dbname=existing.name) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(existing.role)))
        assert connection.execute("SELECT count(*) FROM accounts_team").fetchone() == (0,)
        connection.execute("SELECT set_config('emailhub.company', '1', true)")
        assert connection.execute("SELECT count(*) FROM accounts_team").fetchone() == (1,)


def test_one_log_in_that_may_not_is_told_the_two_statements_and_they_help(
    empty: Installation, existing: Existing
) -> None:
    refused = empty.command("up", settings=existing.one_log_in())
    assert refused.returncode == 1
    statements = [line.strip() for line in refused.stderr.splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in statements] == ["CREATE", "GRANT"], refused.stderr
    for statement in statements:
        existing.execute(statement)
    create_company(empty, existing.one_log_in())


def test_two_log_ins_work_and_the_product_starts(empty: Installation, existing: Existing) -> None:
    existing.execute("CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS", role=existing.role)
    settings = existing.two_log_ins(existing.role)
    create_company(empty, settings)
    with empty.up(settings=settings) as up:
        assert up.end() == 0


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS"])
@pytest.mark.parametrize("command", ["migrate", "worker"])
def test_a_role_above_the_walls_is_refused(
    empty: Installation, existing: Existing, power: str, command: str
) -> None:
    existing.execute("CREATE ROLE {role} LOGIN " + power, role=existing.role)
    refused = empty.command(command, settings=existing.two_log_ins(existing.role))
    assert refused.returncode == 1
    assert f"works as the role {existing.role}, which is not held by the walls" in refused.stderr
    assert "it is superuser or has BYPASSRLS" in refused.stderr


def test_the_owner_as_the_application_is_refused(empty: Installation, existing: Existing) -> None:
    refused = empty.command("migrate", settings=existing.two_log_ins(existing.owner))
    assert refused.returncode == 1
    assert "it owns the tables" in refused.stderr


def test_a_database_that_cannot_be_reached_is_one_sentence(empty: Installation) -> None:
    refused = empty.command("up", settings={"DATABASE_URL": "postgresql://user:hunter2@127.0.0.1:1/name"})
    assert refused.returncode == 1
    assert refused.stderr.startswith("emailhub up: the database cannot be used: connection failed")
    assert refused.stderr.count("\n") == 1
    assert "hunter2" not in refused.stderr

"""The database and its two roles: the owner, which migrates, and the application's, bound by row policies."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, LiteralString

import psycopg

from emailhub.postgres.cluster import connect

Role = Literal["owner", "app"]

DATABASE: LiteralString = "emailhub"
NAMES: dict[Role, LiteralString] = {"owner": "emailhub", "app": "emailhub_app"}
# The owner may create databases, for the tests. It is no superuser: a managed PostgreSQL gives none either.
_RIGHTS: dict[Role, LiteralString] = {
    "owner": "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB",
    "app": "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB",
}
_EXTENSIONS: tuple[LiteralString, ...] = ("unaccent", "pg_trgm")  # trusted ones: the owner may create them
_LOCK = 5321  # any number; serialises processes that do this at the same time


def ensure(sockets: Path, port: int) -> None:
    """Create what is missing of roles, database and extensions, and correct the rights of the roles."""
    with connect(sockets, port=port) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        for role in NAMES:
            _ensure_role(connection, role)
        _ensure_membership(connection)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {NAMES['owner']}")
        # Advisory locks are per database, so ours must be held on until this one is done.
        with connect(sockets, port=port, user=NAMES["owner"], dbname=DATABASE) as inside:
            for extension in _EXTENSIONS:
                inside.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")


def _ensure_role(connection: psycopg.Connection[Any], role: Role) -> None:
    query = (
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
        " FROM pg_roles WHERE rolname = %s"
    )
    found = connection.execute(query, [NAMES[role]]).fetchone()
    if found is None:
        connection.execute(f"CREATE ROLE {NAMES[role]} {_RIGHTS[role]}")
    elif found != (True, False, False, False, role == "owner"):
        connection.execute(f"ALTER ROLE {NAMES[role]} {_RIGHTS[role]}")


def _ensure_membership(connection: psycopg.Connection[Any]) -> None:
    """Let the owner act as the application (SET ROLE); since PostgreSQL 16 that must be granted."""
    owner, app = NAMES["owner"], NAMES["app"]
    if connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [owner, app]).fetchone() != (True,):
        connection.execute(f"GRANT {app} TO {owner}")

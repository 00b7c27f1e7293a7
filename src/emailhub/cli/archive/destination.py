"""The installation that a back-up is restored into: it must be empty, and able to read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import psycopg
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from emailhub import configuration, postgres
from emailhub.accounts.database import direct_parameters
from emailhub.cli.errors import CommandError
from emailhub.delivery.hold import hold_restored

from .manifest import BadArchiveError, Manifest

# What a migration leaves behind in an installation that nobody has used.
_NOBODYS = frozenset({"django_migrations", "django_content_type", "auth_permission", "cache"})
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_FUNCTIONS = (
    "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass"
    " AND d.deptype = 'e')"  # the functions of an extension stay with it
)


@dataclass(frozen=True)
class Destination:
    """An empty database, and the programs that fill it."""

    engine: postgres.Engine
    server_major: int
    taken_at: datetime

    def load(self, script: IO[bytes]) -> None:
        """Fill it, and hold its outbox, in one transaction. Raises postgres.DumpError."""
        postgres.load(
            self.engine,
            direct_parameters("owner"),
            script,
            then=hold_restored(self.taken_at),
            server_major=self.server_major,
        )


def check_destination(manifest: Manifest) -> Destination:
    """Where the back-up goes. Changes nothing. Raises CommandError or PostgresError if it cannot go there."""
    _refuse_unknown_migrations(manifest)
    with _owner() as owner:
        _refuse_rows(owner)
        row = owner.execute("SELECT current_setting('server_version_num')::integer / 10000").fetchone()
    assert row
    if row[0] < manifest.server_major:
        raise BadArchiveError(
            f"the back-up is of PostgreSQL {manifest.server_version}, and here runs {row[0]}:"
            f" restore it into PostgreSQL {manifest.server_major} or newer"
        )
    programs = postgres.client_programs(configuration.data_root(), max(row[0], manifest.dump_major))
    return Destination(programs, row[0], manifest.instant)


def make_room() -> None:
    """Drop the tables and functions of an installation that nobody uses. Raises CommandError if one does."""
    connections.close_all()  # ours would be in the way
    with _owner() as owner, owner.transaction():
        tables = [sql.Identifier(name) for (name,) in owner.execute(_TABLES)]
        if tables:
            listed = sql.SQL(", ").join(tables)
            owner.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(listed))
            _refuse_rows(owner)  # what came in since it was asked first
            owner.execute(sql.SQL("DROP TABLE {} CASCADE").format(listed))
        for (function,) in owner.execute(_FUNCTIONS).fetchall():
            owner.execute(f"DROP FUNCTION {function} CASCADE")


def analyse() -> None:
    """Let the planner know what it deals with, before the first page is opened."""
    with _owner() as owner:
        owner.execute("ANALYZE")


def _owner() -> psycopg.Connection[Any]:
    return psycopg.connect(**direct_parameters("owner"), autocommit=True)


def _refuse_unknown_migrations(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if set(manifest.migrations) - known:
        raise BadArchiveError(
            f"the back-up was made by EmailHub {manifest.version}, which is newer than this one:"
            " restore it with that version or a newer one"
        )


def _refuse_rows(owner: psycopg.Connection[Any]) -> None:
    for (table,) in owner.execute(_TABLES).fetchall():
        query = sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table))
        if table not in _NOBODYS and owner.execute(query).rowcount:
            raise CommandError(
                f"this installation holds data already ({table}), and a back-up is restored into an empty one"
                " only. Name another data folder with EMAILHUB_DATA, or another DATABASE_URL."
                " Nothing was changed."
            )

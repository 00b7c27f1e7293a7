"""The cast as rows: gathered once by the product's own verbs, put back for each later test by one statement.

Thousands of tests begin with it, and gathering costs some hundred queries.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql

from emailhub.accounts.tenancy import company
from tests.cast import Cast, gather_cast

_Rows = list[tuple[str, str]]  # a table and its rows as a JSON array


@dataclass(frozen=True)
class Recording:
    """What gather_cast() gave, and the statement that inserts the same rows again."""

    cast: Cast
    statement: str


_recordings: list[Recording] = []


def put_cast() -> Cast:
    """Gather the cast, or insert its rows as they were. Each caller gets objects of its own."""
    if not _recordings:
        with transaction.atomic():
            cast = gather_cast()
            _recordings.append(Recording(deepcopy(cast), _statement(cast)))
        return cast
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_recordings[0].statement)
    return deepcopy(_recordings[0].cast)


def _statement(cast: Cast) -> str:
    outside = [_insert(table, rows) for table, rows in _rows(walled=False)]
    inside = []
    for firm in (cast.dealer, cast.farm):
        with company(firm.id):
            inside += [_enter(firm.id), *(_insert(table, rows) for table, rows in _rows(walled=True))]
    return ";\n".join([*outside, *inside, _enter(None)])


def _enter(company_id: int | None) -> str:
    value = "" if company_id is None else str(company_id)
    return _text(sql.SQL("SELECT set_config('emailhub.company', {}, true)").format(value))


def _insert(table: str, rows: str) -> str:
    columns = sql.SQL(", ").join(map(sql.Identifier, _columns(table)))
    name = sql.Identifier(table)
    copied = (
        "INSERT INTO {name} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{name}, {rows})"
    )
    return _text(sql.SQL(copied).format(name=name, columns=columns, rows=rows))


def _rows(*, walled: bool) -> _Rows:
    """The rows of all tables behind the walls, or of all others, that are visible now."""
    found = []
    for (table,) in _all(
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'"
        " AND relkind = 'r' AND relrowsecurity = %s AND has_table_privilege(pg_class.oid, 'SELECT, INSERT')"
        " AND relname <> ALL(%s) ORDER BY relname",
        walled,
        ["django_migrations", "django_content_type", "auth_permission"],
    ):
        ((rows,),) = _all(
            _text(sql.SQL("SELECT jsonb_agg(to_jsonb(t)) FROM {} t").format(sql.Identifier(table)))
        )
        if rows:
            found.append((table, rows if isinstance(rows, str) else json.dumps(rows)))
    return found


def _columns(table: str) -> list[str]:
    return [
        name
        for (name,) in _all(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
            table,
        )
    ]


def _all(query: str, *parameters: object) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[str, ...]] = cursor.fetchall()
        return rows


def _text(composed: sql.Composable) -> str:
    with connection.cursor() as cursor:
        return composed.as_string(cursor.connection)

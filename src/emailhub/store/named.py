"""Which files the database names. A column called content_key holds a key, beside its row's company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from .content import OPERATOR

# Whoever deletes files holds this advisory lock alone; whoever copies all that a snapshot names, shares it.
LOCK = 30
_COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = 'public' AND column_name LIKE '%content_key' ORDER BY 1, 2"
)
_AT_ONCE = 2_000


def named_files(owner: psycopg.Connection[Any]) -> Iterator[str]:
    """The names of all files that rows name, each once, in order, in the transaction of this connection.

    The connection must be of the tables' owner: any other role sees no company's rows.
    """
    columns = owner.execute(_COLUMNS).fetchall()
    keys = sql.SQL(" UNION ").join(
        sql.SQL("SELECT company_id, {key} AS key FROM {table} WHERE {key} <> ''").format(
            key=sql.Identifier(column), table=sql.Identifier(table)
        )
        for table, column in columns
    )
    query = sql.SQL(
        "SELECT DISTINCT (coalesce(company_id::text, {operator}) || '/' || left(key, 2) || '/' || key)"
        ' COLLATE "C" AS name FROM ({keys}) named ORDER BY name'
    ).format(operator=sql.Literal(OPERATOR), keys=keys)
    with owner.cursor(name="named_files") as cursor:
        cursor.itersize = _AT_ONCE
        for (name,) in cursor.execute(query):
            yield name

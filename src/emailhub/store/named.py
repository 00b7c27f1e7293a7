"""Which files the database names: by every column of 64 characters called ..._key, but for NO_KEYS of files.

Beside it stands whose the file is: company_id, or the id of the company's own row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from .content import OPERATOR

# Whoever deletes files holds this advisory lock alone; whoever copies all that a snapshot names, shares it.
LOCK = 5322
NO_KEYS = ("message_key",)  # a digest by which a mail is known
_COLUMNS = (
    "SELECT table_name, column_name,"
    " CASE WHEN table_name = 'accounts_company' THEN 'id' ELSE 'company_id' END"
    " FROM information_schema.columns WHERE table_schema = 'public' AND column_name LIKE '%%\\_key'"
    " AND character_maximum_length = 64 AND column_name <> ALL (%s) ORDER BY 1, 2"
)
_IS_WALLED = (
    "SELECT coalesce(bool_or(row_security_active(oid)), false) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
)
_AT_ONCE = 2_000


class BehindWallsError(Exception):
    """This log-in is held by the walls between companies: to it nearly every file looks like an orphan."""


def named_files(owner: psycopg.Connection[Any]) -> Iterator[str]:
    """The names of all files that rows name, each once, in order, in the transaction of this connection.

    The connection must be of the tables' owner: to any other role no company has rows. Raises
    BehindWallsError.
    """
    if owner.execute(_IS_WALLED).fetchone() != (False,):
        raise BehindWallsError("this log-in does not own the tables: name the owner's by DATABASE_OWNER_URL")
    columns = owner.execute(_COLUMNS, [list(NO_KEYS)]).fetchall()
    keys = sql.SQL(" UNION ").join(
        sql.SQL("SELECT {whose} AS company_id, {key} AS key FROM {table} WHERE {key} <> ''").format(
            key=sql.Identifier(column), table=sql.Identifier(table), whose=sql.Identifier(whose)
        )
        for table, column, whose in columns
    )
    query = sql.SQL(
        "SELECT DISTINCT (coalesce(company_id::text, {operator}) || '/' || left(key, 2) || '/' || key)"
        ' COLLATE "C" AS name FROM ({keys}) named ORDER BY name'
    ).format(operator=sql.Literal(OPERATOR), keys=keys)
    with owner.cursor(name="named_files") as cursor:
        cursor.itersize = _AT_ONCE
        for (name,) in cursor.execute(query):
            yield name

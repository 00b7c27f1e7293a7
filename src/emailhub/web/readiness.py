"""Whether this web process can serve a page now."""

from __future__ import annotations

from functools import cache

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from emailhub import store
from emailhub.accounts import database

_PATIENCE = 3  # seconds to connect


def why_not_ready() -> str:
    """Why not, in words that tell a stranger nothing; "" if it can. Call it in a thread."""
    try:
        with psycopg.connect(**{**database.direct_parameters(), "connect_timeout": _PATIENCE}) as asked:
            asked.execute("SELECT 1")
        if not _is_migrated():
            return "the database is another version's"
    except (psycopg.Error, DatabaseError):
        return "the database does not answer"
    if store.is_on_disk() and not settings.DATA_ROOT.is_dir():
        return "the data folder is not there"
    return ""


def _is_migrated() -> bool:
    """Asked until it is so: a schema does not go back while we run."""
    try:
        return _once_migrated()
    except _NotYetError:
        return False
    finally:
        connection.close()


class _NotYetError(Exception):
    """The schema is not this version's. An exception, since those are not remembered."""


@cache
def _once_migrated() -> bool:
    if not database.is_migrated():
        raise _NotYetError
    return True

"""Whose fault it is that a mail could not be processed: the mail's, or the machine's."""

from __future__ import annotations

import psycopg
from django.db import DatabaseError, InterfaceError

# Of SQLSTATE: connection, transaction rollback (a deadlock), resources, operator's intervention, system.
_MACHINE = ("08", "40", "53", "57", "58")


def is_the_machines(error: BaseException) -> bool:
    """Whether trying the same mail again may well work: the disk was full, the database went away."""
    if isinstance(error, OSError | InterfaceError):
        return True
    cause = error.__cause__
    if isinstance(error, DatabaseError) and isinstance(cause, psycopg.Error):
        state = cause.sqlstate
        return isinstance(cause, psycopg.OperationalError) if state is None else state.startswith(_MACHINE)
    return False

"""Turns at a mailbox. Graph answers four calls at a time; a fifth is refused (MailboxConcurrency)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

_TURNS, _TOKENS = 22, 23  # classes of advisory locks
_AT_ONCE = 3  # one less than Graph allows, for whoever tries the set-up out meanwhile


class MailboxBusyError(Exception):
    """Other workers have all the turns."""


@contextmanager
def turn(connection_id: int) -> Iterator[None]:
    """One of a mailbox's turns over all workers, for one call after another. Raises MailboxBusyError."""
    numbers = [(connection_id * _AT_ONCE + number) % 2147483647 for number in range(_AT_ONCE)]
    taken = next((number for number in numbers if _try(number)), None)
    if taken is None:
        raise MailboxBusyError
    try:
        yield
    finally:
        _free(_TURNS, taken)


@contextmanager
def alone_with_tokens(connection_id: int) -> Iterator[None]:
    """One worker at a time renews the tokens of a connection: a refresh token may be good for one use."""
    number = connection_id % 2147483647
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_TOKENS, number])
    try:
        yield
    finally:
        _free(_TOKENS, number)


def _try(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_TURNS, number])
        return bool(cursor.fetchone()[0])


def _free(kind: int, number: int) -> None:
    """Where the session is gone, so is the lock."""
    with suppress(InterfaceError, OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])

"""Hold back the mail of some senders, or of some threads, while their contact or ticket changes hands.

Intake files the mails of one sender one after the other under the same locks (`intake.gather.lock`): who
holds them knows that no mail of theirs is being filed in this moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db import connection

_MOST_THREADS = 500


def hold_mail_from(company_id: int, addresses: Iterable[str]) -> None:
    """Let no mail of these senders be filed until the transaction ends."""
    _hold(f"{company_id} from {address}" for address in addresses)


def hold_threads(company_id: int, message_ids: Iterable[str]) -> None:
    """Let no mail that answers one of these be filed until the transaction ends.

    Of very many the first ones alone: each lock takes a place in the memory that all sessions share.
    """
    _hold(islice((f"{company_id} id {id}" for id in message_ids), _MOST_THREADS))


def _hold(names: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(name, 0) AS key"
            " FROM unnest(%s::text[]) name ORDER BY 1) sorted",
            [list(names)],
        )

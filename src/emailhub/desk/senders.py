"""Hold back the mail of some senders while their contact changes hands.

Intake files the mails of one sender one after the other under the same locks (`intake.gather.lock`): who
holds them knows that no mail of theirs is being filed in this moment.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection


def hold_mail_from(company_id: int, addresses: Iterable[str]) -> None:
    """Let no mail of these senders be filed until the transaction ends."""
    names = [f"{company_id} from {address}" for address in addresses]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(name, 0) AS key"
            " FROM unnest(%s::text[]) name ORDER BY 1) sorted",
            [names],
        )

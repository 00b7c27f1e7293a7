"""Tell open pages and nobody else, at commit, filtered per company and team by the shell.

Ids alone, and of who is on a ticket the name, which everybody who may see the ticket sees.
"""

from __future__ import annotations

import json
from typing import Literal

from django.db import connection

CHANNEL = "emailhub_live"
Kind = Literal["activity", "ticket", "contact", "presence", "regrouped"]  # live.js knows these words


def announce(company_id: int, team_id: int, ticket_id: int, kind: Kind, row_id: int, **more: str) -> None:
    """Tell, when the transaction commits, that a row is new, has changed or is gone."""
    payload: dict[str, str | int] = {
        "company": company_id,
        "team": team_id,
        "ticket": ticket_id,
        "kind": kind,
        "id": row_id,
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(payload)])

"""Tell open pages and nobody else: ids only, at commit, filtered per company and team by the shell."""

from __future__ import annotations

import json
from typing import Literal

from django.db import connection

CHANNEL = "emailhub_live"
Kind = Literal["activity", "ticket", "contact"]  # what the row is; live.js knows these words


def announce(company_id: int, team_id: int, ticket_id: int, kind: Kind, row_id: int) -> None:
    """Tell, when the transaction commits, that a row is new, has changed or is gone."""
    payload = {"company": company_id, "team": team_id, "ticket": ticket_id, "kind": kind, "id": row_id}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(payload)])

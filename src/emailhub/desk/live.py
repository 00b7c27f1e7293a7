"""Tell open pages and nobody else: ids only, at commit, filtered per company and team by the shell."""

from __future__ import annotations

import json

from django.db import connection

CHANNEL = "emailhub_live"


def announce(company_id: int, team_id: int, ticket_id: int, kind: str, row_id: int) -> None:
    """Send one live event when the transaction commits. `kind` is an activity's or message's change."""
    payload = {"company": company_id, "team": team_id, "ticket": ticket_id, "kind": kind, "id": row_id}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(payload)])


def announce_access(company_id: int, advisor_id: int) -> None:
    """Close this advisor's open streams: what they may see has changed."""
    payload = {"company": company_id, "advisor": advisor_id, "kind": "access"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(payload)])

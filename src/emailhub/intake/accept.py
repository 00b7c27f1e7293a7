"""Take responsibility for a mail. When accept() returns, neither a crash nor a power cut loses it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection, transaction

from emailhub import store
from emailhub.delivery import outbox
from emailhub.hub import addresses
from emailhub.hub.addresses import Route

WAKE = "emailhub_received"  # the NOTIFY channel that wakes the workers


def route_for(address: str) -> Route | None:
    """Where mail to this recipient goes, or None: nobody here has that address (550 5.1.1).

    `address` is in normal form (mail.addresses): lower-case, its domain an A-label.
    """
    if owner := addresses.team_of(address) or addresses.team_of(addresses.without_tag(address)):
        return Route(*owner, address)
    if addresses.is_operators(addresses.without_tag(address)):
        return Route(None, None, address)
    if outbox.is_return_path(address) and (company_id := outbox.company_of_return_path(address)):
        return Route(company_id, None, address)
    return None


def accept(*, channel: str, content: bytes, mail_from: str, routes: Iterable[Route]) -> list[int]:
    """Store one mail for all its recipients in one commit, and return the ids of its deliveries.

    Recipients of the same team are one delivery. Only after this returns may the wire say "250".
    """
    by_owner: dict[tuple[int | None, int | None], list[str]] = {}
    for route in routes:
        by_owner.setdefault((route.company_id, route.team_id), []).append(route.address)
    keys = {company_id: store.put(company_id, content) for company_id, _ in by_owner}
    deliveries = [
        {
            "company_id": company_id,
            "team_id": team_id,
            "channel": channel,
            "mail_from": mail_from[:320],
            "rcpt_to": list(dict.fromkeys(rcpt_to)),
            "content_key": keys[company_id],
            "size": len(content),
        }
        for (company_id, team_id), rcpt_to in by_owner.items()
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT accept_received(%s)", [json.dumps(deliveries)])
        ids = [row[0] for row in cursor.fetchall()]
        wake()
    return ids


def wake() -> None:
    """Tell the workers at commit that something waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE])

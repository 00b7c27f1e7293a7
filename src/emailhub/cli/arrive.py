"""Accept a mail and see it through: this process does a worker's work until the mail has its outcome."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from django.db import connections

from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company
from emailhub.cli.channels import verifier
from emailhub.hub.addresses import Route
from emailhub.intake.accept import accept
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_due

_PATIENCE = 300.0  # seconds for one mail; a worker may have it in its hands
_PAUSE = 0.02  # seconds between two looks while a worker has it


def arrive(raw: bytes, routes: Sequence[Route], mail_from: str) -> Iterator[dict[str, object]]:
    """Take a mail in for all its recipients, and say what became of each delivery."""
    owners = dict.fromkeys((route.company_id, route.team_id) for route in routes)
    ids = accept(channel="smtp", content=raw, mail_from=mail_from, routes=routes)
    for id, (company_id, _) in zip(ids, owners, strict=True):
        if company_id is None:
            yield _operators(id)
        else:
            yield _delivery(id, company_id)


def _delivery(id: int, company_id: int) -> dict[str, object]:
    row = _seen_through(id, company_id)
    ticket = row.filed_as.ticket if row.filed_as else None
    line: dict[str, object] = {
        "to": ", ".join(row.rcpt_to),
        "company": Company.objects.get(pk=company_id).name,
        "team": row.team.name if row.team else None,
        "message_id": row.message_id,
        "outcome": row.outcome or row.state,
        "ticket": ticket.number if ticket else None,
        "reason": row.reason,
        "delivery": id,
    }
    return {**line, "error": row.last_error} if row.last_error else line


def _seen_through(id: int, company_id: int) -> ReceivedMessage:
    """The row with its outcome, or as it is when its processing has failed or takes too long."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        row = _row(id, company_id)
        if row.state != ReceivedMessage.State.WAITING or row.last_error or time.monotonic() > deadline:
            return row
        if not _work():
            time.sleep(_PAUSE)


def _work() -> int:
    """Do one piece of work as a worker does it."""
    return process_due(at_most=1, verify=verifier())


def _row(id: int, company_id: int) -> ReceivedMessage:
    rows = ReceivedMessage.objects.select_related("team", "filed_as__ticket")
    with company(company_id):
        row: ReceivedMessage = rows.get(pk=id)
    return row


def _operators(id: int) -> dict[str, object]:
    """Mail to postmaster or abuse belongs to no company: only the owner of the tables sees its row."""
    while _work():
        pass
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT rcpt_to, outcome, state FROM intake_receivedmessage WHERE id = %s", [id])
        rcpt_to, outcome, state = cursor.fetchone()
    return {"to": ", ".join(rcpt_to), "outcome": outcome or state, "ticket": None, "delivery": id}

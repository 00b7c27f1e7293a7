"""Decide on one delivery by the tickets as they are while they are locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from emailhub import rules
from emailhub.desk import models as desk

from .examined import Reading
from .gather import Considered, gather


@dataclass(frozen=True)
class Decided:
    """What is to become of a delivery, by which steps, and on what ground."""

    decision: rules.Decision
    steps: tuple[rules.Step, ...]
    considered: Considered


def decide_on(reading: Reading, *, now: datetime, released: bool = False) -> Decided:
    """Decide by the ticket as it is when the mail is put on it. Call it after lock().

    Between the look at it and its lock an advisor may have closed or moved it; then all is decided anew.
    """
    while True:  # each round has locked one more ticket
        considered = gather(reading, now=now, released=released)
        decision, steps = rules.decide(considered.facts)
        decided = Decided(decision, steps, considered)
        if not isinstance(decision, rules.Append):
            return decided
        if _is_as_seen(lock_ticket(decision.ticket_id), considered.facts):
            return decided


def lock_ticket(ticket_id: int) -> desk.Ticket:
    """The ticket as it is now, and stays until the transaction ends."""
    tickets = desk.Ticket.objects.select_for_update(of=("self",))
    ticket: desk.Ticket = tickets.select_related("team", "company", "assignee__user").get(pk=ticket_id)
    return ticket


def _is_as_seen(ticket: desk.Ticket, facts: rules.Facts) -> bool:
    if ticket.merged_into_id is not None:
        return False
    seen = (*(reference.ticket for reference in facts.references), *facts.open_tickets)
    return any(
        (ticket.id, ticket.status, ticket.team_id, ticket.contact_id)
        == (other.id, other.status, other.team_id, other.customer_id)
        for other in seen
    )

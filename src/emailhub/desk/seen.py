"""How far an advisor has read."""

from __future__ import annotations

from emailhub.accounts.models import Advisor

from .models import Seen, Ticket


def mark_seen(ticket: Ticket, advisor: Advisor) -> None:
    """Remember that the advisor has seen the ticket up to its last message or note."""
    Seen.objects.update_or_create(
        company_id=ticket.company_id,
        ticket=ticket,
        advisor=advisor,
        defaults={"activity_id": ticket.last_activity_id},
    )

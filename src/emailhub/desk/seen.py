"""How far an advisor has read."""

from __future__ import annotations

from emailhub.accounts.models import Advisor

from .models import Seen, Ticket


def mark_seen(ticket: Ticket, advisor: Advisor) -> None:
    """Remember that the advisor has seen the ticket up to its last message or note."""
    mark = Seen(
        company_id=ticket.company_id, ticket=ticket, advisor=advisor, activity_id=ticket.last_activity_id
    )
    Seen.objects.bulk_create(
        [mark],
        update_conflicts=True,
        unique_fields=["company", "advisor", "ticket"],
        update_fields=["activity_id"],
    )

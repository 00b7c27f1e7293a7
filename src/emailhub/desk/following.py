"""Follow a ticket that is somebody else's, or nobody's: one hears of what happens on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from emailhub.accounts.models import Advisor

from .live import announce
from .models import Follower, Ticket


def follow(ticket: Ticket, advisor_ids: Iterable[int], *, now: datetime) -> None:
    """Let these advisors follow the ticket. Who does already goes on."""
    Follower.objects.bulk_create(
        (
            Follower(company_id=ticket.company_id, ticket=ticket, advisor_id=advisor_id, since=now)
            for advisor_id in advisor_ids
        ),
        ignore_conflicts=True,
    )
    announce(ticket.company_id, ticket.team_id, ticket.pk, "ticket", ticket.pk)


def stop_following(ticket: Ticket, advisor: Advisor) -> None:
    ticket.followers.filter(advisor=advisor).delete()
    announce(ticket.company_id, ticket.team_id, ticket.pk, "ticket", ticket.pk)

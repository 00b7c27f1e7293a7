"""Who may work on a ticket. Reading is `visible_to`; this is the rest."""

from __future__ import annotations

from emailhub.accounts.models import Advisor

from .errors import NotAllowedError
from .models import Ticket


def may_work_on(advisor: Advisor, ticket: Ticket) -> bool:
    return ticket.team_id in advisor.writable_team_ids()


def require_work(advisor: Advisor, ticket: Ticket) -> None:
    """Raise NotAllowedError unless the advisor may answer, note and assign on this ticket."""
    if not may_work_on(advisor, ticket):
        raise NotAllowedError

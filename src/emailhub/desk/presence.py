"""Who looks at a ticket and who answers it. There is no row of it: who stops telling it is forgotten."""

from __future__ import annotations

from enum import StrEnum

from emailhub.accounts.models import Advisor

from .live import announce
from .models import Ticket


class Doing(StrEnum):
    """What somebody does on a ticket that is open before them."""

    LOOKING = "looking"
    ANSWERING = "answering"
    GONE = "gone"


def tell_presence(ticket: Ticket, doing: Doing, *, by: Advisor) -> None:
    """Tell those who have the ticket open, and may see it, what the advisor does on it in this moment."""
    announce(
        ticket.company_id, ticket.team_id, ticket.pk, "presence", by.pk, who=by.user.name, doing=doing.value
    )

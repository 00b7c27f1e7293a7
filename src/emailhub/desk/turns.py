"""What an advisor's answer does to its ticket, by whichever channel it leaves."""

from __future__ import annotations

from datetime import datetime

from emailhub.accounts.models import Advisor
from emailhub.hub.models import Identity

from .errors import MergedTicketError, NewerActivityError
from .models import Activity, Ticket


def lock_ticket(ticket: Ticket) -> Ticket:
    """Two sends on one ticket go one after the other, so that the second sees the first.

    Raises MergedTicketError: nothing is said on a ticket that is part of another one.
    """
    tickets = Ticket.objects.select_for_update(of=("self",))
    locked: Ticket = tickets.select_related("team", "contact", "assignee__user", "company").get(pk=ticket.pk)
    if locked.merged_into is not None:
        raise MergedTicketError(locked.merged_into.number)
    return locked


def refuse_if_newer(ticket: Ticket, seen: int) -> None:
    """Raise NewerActivityError if something was said since the activity that the writer saw; 0: not asked."""
    if not seen:
        return
    newer = list(ticket.activities.filter(id__gt=seen, kind__in=Activity.MESSAGES).timeline())
    if newer:
        raise NewerActivityError(newer)


def take_if_free(ticket: Ticket, *, by: Advisor, now: datetime) -> None:
    """Who answers a ticket that nobody has takes it, unless the team wants it otherwise."""
    if ticket.assignee_id is None:
        identity = Identity.objects.filter(team_id=ticket.team_id).first()
        if identity is None or identity.assign_on_reply:
            ticket.assign(by, by=by, now=now)


def follow_up(ticket: Ticket, then: Ticket.Status, *, by: Advisor, now: datetime) -> None:
    """An answer ends the customer's wait. Sending on a closed ticket opens it, unless it closes again."""
    if then == Ticket.Status.CLOSED:
        ticket.close(by=by, now=now)
        return
    ticket.reopen(by=by, now=now)
    Ticket.objects.filter(pk=ticket.pk).update(needs_reply_since=None)
    ticket.needs_reply_since = None
    if then == Ticket.Status.WAITING:
        ticket.wait(by=by, now=now)

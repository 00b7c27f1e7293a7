"""What a contact has written and been written lately, on all tickets that an advisor may read."""

from __future__ import annotations

from emailhub.accounts.models import Advisor

from .models import Activity, Contact, Ticket

AT_MOST = 20
_TICKETS = 20  # of the contact: the ones on which something happened last


def recent_activity(contact: Contact, advisor: Advisor) -> list[Activity]:
    """The last messages and notes of their tickets, newest first, each with its ticket and its author."""
    tickets = Ticket.objects.visible_to(advisor).filter(contact=contact).newest_first()
    newest = list(tickets.values_list("pk", flat=True)[:_TICKETS])
    found = Activity.objects.filter(ticket__in=newest, kind__in=Activity.MESSAGES).defer("search", "html")
    linked = found.select_related("ticket__contact", "advisor__user", "message")
    return list(linked.order_by("-id")[:AT_MOST])

"""Forget what a company keeps no longer: closed tickets with all that was written on them, and their mails.

What was received stays counted, with its way and its outcome, but without a word of it and without who wrote
it. The bytes themselves go when no row names them any more (store.collect).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from emailhub.accounts import audit
from emailhub.accounts.models import Company, Team
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import ChatMessage, Message, Ticket
from emailhub.desk.queries import TicketQuerySet

from .models import Consideration, ReceivedMessage

_MONTH = timedelta(days=365.25 / 12)
_MOST = 200  # tickets in one transaction; the next hour goes on
_LEAVING = (OutgoingMessage.State.QUEUED, OutgoingMessage.State.SENDING)


def expired(company_id: int, months: int, *, now: datetime) -> TicketQuerySet:
    """The tickets that were closed more than so many months ago and have been quiet since."""
    before = now - months * _MONTH
    leaving = OutgoingMessage.objects.filter(state__in=_LEAVING).filter(
        Q(desk_message__ticket=OuterRef("pk")) | Q(desk_chat__ticket=OuterRef("pk"))
    )
    closed = Ticket.objects.closed().filter(company_id=company_id, closed_at__lt=before)
    found: TicketQuerySet = closed.filter(~Exists(leaving), last_activity_at__lt=before)
    return found


def forget_expired(company: Company, *, now: datetime) -> int:
    """Delete the next of them, if the company wants that at all; of how many. Each team's audit tells it."""
    if company.retention_months is None:
        return 0
    due = expired(company.pk, company.retention_months, now=now)
    tickets = list(due.select_related("team").order_by("closed_at")[:_MOST])
    ids = [ticket.pk for ticket in tickets]
    outgoing = _outgoing_of(ids)
    _empty_deliveries(ids, now=now)
    Ticket.objects.filter(pk__in=ids).delete()
    OutgoingMessage.objects.filter(pk__in=outgoing).delete()
    for team, count in Counter(ticket.team for ticket in tickets).items():
        _record(team, count, company.retention_months, now=now)
    return len(ids)


def _outgoing_of(ticket_ids: list[int]) -> list[int]:
    """What we sent on them: deleted when no message of a ticket names it any more."""
    mails = Message.objects.filter(ticket__in=ticket_ids, outgoing__isnull=False)
    chats = ChatMessage.objects.filter(ticket__in=ticket_ids, outgoing__isnull=False)
    return [*mails.values_list("outgoing_id", flat=True), *chats.values_list("outgoing_id", flat=True)]


def _empty_deliveries(ticket_ids: list[int], *, now: datetime) -> None:
    """Of what became these tickets' mails and chats, and of copies of them."""
    filed = Q(filed_as__ticket__in=ticket_ids) | Q(filed_chat__ticket__in=ticket_ids)
    rows = ReceivedMessage.objects.filter(filed)
    Consideration.objects.filter(received__in=rows.values("pk")).delete()
    rows.update(
        content_key="",
        subject="",
        preview="",
        sender_name="",
        sender_address="",
        mail_from="",
        purged_at=now,
    )


def _record(team: Team, count: int, months: int, *, now: datetime) -> None:
    change = audit.Change(count, 0)
    audit.record(
        audit.Kind.TICKET,
        f"> {months}",
        by=None,
        at=now,
        action=audit.Action.REMOVED,
        team=team,
        retention_deleted=change,
    )

"""Put mails of the past on tickets: under their own dates, and without telling or reminding anybody."""

from __future__ import annotations

from datetime import datetime

from emailhub import mail
from emailhub.accounts.models import Team
from emailhub.delivery.models import OutgoingMessage

from .models import Activity, Contact, Message, Ticket
from .models.ticket import search_words
from .open_ticket import create_ticket
from .receive import Received, join_people_of, store_message
from .storing import attach, join, remember_ids


def open_past_ticket(*, team: Team, contact: Contact, subject: str, at: datetime, stays_open: bool) -> Ticket:
    """A ticket for a mail of the past, closed unless it is to be worked on."""
    ticket = create_ticket(team=team, contact=contact, subject=subject, received_by=team, now=at)
    if not stays_open:
        ticket.status, ticket.closed_at = Ticket.Status.CLOSED, at
        ticket.save(update_fields=["status", "closed_at"])
    return ticket


def append_past(
    ticket: Ticket, received: Received, *, at: datetime, outgoing: OutgoingMessage | None
) -> Message:
    """Add a mail of the past to a ticket's timeline; `outgoing` where it was the team that sent it.

    What the ticket waits for changes only as far as the mail is later than all that is on it.
    """
    activity = Activity.objects.create(
        company_id=ticket.company_id,
        ticket=ticket,
        kind=Activity.Kind.SENT if outgoing else Activity.Kind.RECEIVED,
        at=at,
        text=received.new_text,
        search=search_words(f"{ticket.subject}\n{received.new_text}"),
    )
    message = store_message(ticket, activity, received, outgoing=outgoing)
    remember_ids(message)
    attach(activity, received.files)
    if outgoing:
        join(ticket, {"to": received.mail.to, "cc": received.mail.cc})
    else:
        join_people_of(ticket, received)
    _show(ticket, activity, received, is_ours=outgoing is not None)
    return message


def _show(ticket: Ticket, activity: Activity, received: Received, *, is_ours: bool) -> None:
    fields: list[str] = []
    if any(not file.is_inline for file in received.files):
        ticket.has_attachments = True
        fields.append("has_attachments")
    if activity.at >= ticket.last_activity_at:
        ticket.last_activity_at, ticket.last_activity_id = activity.at, activity.pk
        ticket.last_author = (received.sender.name or received.sender.address)[:100]
        ticket.last_line = (mail.preview(received.new_text) or received.mail.subject)[:200]
        fields += ["last_activity_at", "last_activity_id", "last_author", "last_line"]
        if ticket.closed_at is None:
            ticket.needs_reply_since = None if is_ours else ticket.needs_reply_since or activity.at
            fields.append("needs_reply_since")
        elif ticket.closed_at < activity.at:
            ticket.closed_at = activity.at
            fields.append("closed_at")
    if fields:
        ticket.save(update_fields=fields)

"""Rows for the pages to show: tickets with mails, as intake and the desk leave them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from emailhub import store
from emailhub.accounts.models import Advisor, Team
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.desk.models import Activity, Attachment, Contact, Message, Ticket
from emailhub.desk.open_ticket import create_ticket
from emailhub.intake.models import ReceivedMessage

PNG = bytes.fromhex("89504e470d0a1a0a0000000d494844520000000100000001080600000000")


def open_ticket(
    team: Team,
    contact: Contact,
    subject: str = "The pump leaks",
    *,
    assignee: Advisor | None = None,
    now: datetime | None = None,
) -> Ticket:
    now = now or timezone.now()
    return create_ticket(
        team=team, contact=contact, subject=subject, assignee=assignee, received_by=team, now=now
    )


def receive(
    ticket: Ticket,
    text: str = "It drips since Monday.",
    *,
    html: str = "",
    history: str = "",
    name: str = "Carla Ruiz",
    address: str = "carla@customer.example",
    at: datetime | None = None,
    trace: tuple[tuple[str, dict[str, object]], ...] = (),
    **fields: object,
) -> Activity:
    """A received mail on the ticket, with its delivery."""
    at = at or timezone.now()
    raw = f"From: {name} <{address}>\r\nSubject: {ticket.subject}\r\n\r\n{text}\r\n".encode()
    activity = ticket.record(Activity.Kind.RECEIVED, by=None, at=at, text=text)
    contact = ticket.contact if address == "carla@customer.example" else None
    message = Message.objects.create(
        company_id=ticket.company_id,
        activity=activity,
        ticket=ticket,
        team=ticket.team,
        message_key=uuid4().hex,
        message_id=f"{uuid4().hex}@customer.example",
        sender_name=name,
        sender_address=address,
        contact=contact,
        subject=ticket.subject,
        date=at,
        text=text + history,
        html=html,
        content_key=store.put(ticket.company_id, raw),
        **{"to": [["Service", "service.dealer@inbox.example"]], **fields},
    )
    ReceivedMessage.objects.create(
        company_id=ticket.company_id,
        team=ticket.team,
        channel="smtp",
        rcpt_to=["service.dealer@inbox.example"],
        content_key=message.content_key,
        size=len(raw),
        received_at=at,
        state=ReceivedMessage.State.DONE,
        outcome=ReceivedMessage.Outcome.TICKET,
        trace=[list(step) for step in trace],
        filed_as=message,
        due_at=at,
    )
    ticket.show_last(activity, author=name, line=text[:200])
    ticket.await_reply(now=at)
    return activity


def send(
    ticket: Ticket,
    by: Advisor,
    text: str = "We come tomorrow.",
    *,
    state: str = OutgoingMessage.State.SENT,
    results: dict[str, str] | None = None,
    due_at: datetime | None = None,
    attempts: int = 1,
    **fields: object,
) -> Activity:
    """A mail that the advisor sent, with what became of each recipient."""
    now = timezone.now()
    key = store.put(ticket.company_id, f"Subject: {ticket.subject}\r\n\r\n{text}\r\n".encode())
    outgoing = OutgoingMessage.objects.create(
        company_id=ticket.company_id,
        channel="smtp",
        mail_from=f"bounces+{uuid4().hex}@inbox.example",
        message_id=f"{uuid4().hex}@inbox.example",
        content_key=key,
        size=100,
        state=state,
        attempts=attempts,
        due_at=due_at or now,
        give_up_at=now + timedelta(days=1),
    )
    for address, result in (results or {"carla@customer.example": "sent"}).items():
        OutgoingRecipient.objects.create(
            company_id=ticket.company_id, message=outgoing, address=address, state=result, changed_at=now
        )
    activity = ticket.record(Activity.Kind.SENT, by=by, at=now, text=text)
    Message.objects.create(
        company_id=ticket.company_id,
        activity=activity,
        ticket=ticket,
        team=ticket.team,
        outgoing=outgoing,
        message_key=uuid4().hex,
        message_id=outgoing.message_id,
        sender_name="Service",
        sender_address="service.dealer@inbox.example",
        subject=ticket.subject,
        text=text,
        content_key=key,
        **{"to": [["Carla Ruiz", "carla@customer.example"]], **fields},
    )
    ticket.show_last(activity, author=str(by), line=text)
    return activity


def attach(
    activity: Activity, filename: str, content: bytes, content_type: str, **fields: object
) -> Attachment:
    return Attachment.objects.create(
        company_id=activity.company_id,
        ticket=activity.ticket,
        activity=activity,
        filename=filename,
        content_type=content_type,
        size=len(content),
        content_key=store.put(activity.company_id, content),
        **fields,
    )

"""Put a received e-mail on a ticket. Where it belongs was decided before (rules)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from emailhub import mail
from emailhub.accounts.models import Advisor, Team
from emailhub.delivery.models import OutgoingMessage
from emailhub.mail import Mailbox

from .models import Activity, Contact, Message, Ticket
from .storing import StoredFile, attach, join, pairs, remember_ids


@dataclass(frozen=True)
class Received:
    """A mail as it is filed: what was read of it, and what was decided about it."""

    team: Team  # that received it
    mail: mail.Message
    sender: Mailbox
    answer_to: str  # where an answer goes, or empty: to the sender
    contact: Contact | None
    message_key: str
    content_key: str
    new_text: str  # without the folded history
    files: Sequence[StoredFile]
    verdict: str
    flags: Sequence[str]
    own_addresses: frozenset[str]
    from_advisor: Advisor | None = None  # answered from a mail client: becomes a note
    private: bool = False
    join_people: bool = True
    needs_reply: bool = True
    reopen: bool = False


def append_received(ticket: Ticket, received: Received, *, now: datetime) -> Message:
    """Add the mail to the ticket's timeline, with its files and people, and set what the ticket waits for."""
    kind = Activity.Kind.NOTE if received.from_advisor else Activity.Kind.RECEIVED
    activity = ticket.record(kind, by=received.from_advisor, at=now, text=received.new_text)
    message = store_message(ticket, activity, received)
    remember_ids(message)
    attach(activity, received.files)
    join_people_of(ticket, received)
    if received.reopen:
        ticket.reopen(by=None, now=now)
    by_person = received.needs_reply or received.from_advisor
    if by_person and not mail.out_of_office(received.mail):  # nobody is told of what robots say
        ticket.notifications.tell_of_message(activity)
    ticket.take_in(
        activity,
        author=str(received.from_advisor or received.sender.name or received.sender.address),
        line=mail.preview(received.new_text) or received.mail.subject,
        needs_reply=received.needs_reply,
        has_files=any(not file.is_inline for file in received.files),
    )
    return message


def store_message(
    ticket: Ticket, activity: Activity, received: Received, *, outgoing: OutgoingMessage | None = None
) -> Message:
    """The row of a mail on its activity. `outgoing`: the team sent it, before it came here."""
    source = received.mail
    return Message.objects.create(
        company_id=ticket.company_id,
        activity=activity,
        ticket=ticket,
        team=received.team,
        outgoing=outgoing,
        message_key=received.message_key,
        message_id=source.message_id,
        in_reply_to=list(source.in_reply_to),
        references=list(source.references),
        sender_name=received.sender.name[:320],
        sender_address=received.sender.address[:320],
        answer_to=received.answer_to[:320],
        contact=received.contact,
        to=pairs(source.to),
        cc=pairs(source.cc),
        subject=source.subject,
        date=source.date,
        text=source.text,
        html=source.html,
        verdict=received.verdict,
        automatic=source.automatic[:40],
        flags=sorted(received.flags),
        is_private=received.private,
        content_key=received.content_key,
    )


def join_people_of(ticket: Ticket, received: Received) -> None:
    """The author takes part in any case; the people in To and CC do, or are offered where not proved."""
    if received.from_advisor:
        return
    outsiders = {
        part: [box for box in people if box.address not in received.own_addresses]
        for part, people in (("to", received.mail.to), ("cc", received.mail.cc))
    }
    author = "bcc" if received.private else "from"
    join(ticket, {author: [received.sender]})
    if any(outsiders.values()):
        join(ticket, outsiders, offered=not received.join_people)

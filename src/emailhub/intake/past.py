"""Take in a mail of the past, as history: filed under its own date, and without any of today's effects.

No rule decides on it, nobody is answered or told. It joins the ticket of its thread, or makes one that is
closed. One transaction a mail: who does it again after a kill finds what is there already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from emailhub import mail, store
from emailhub.accounts.models import Company, Team
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.delivery.past import CHANNEL, record_past
from emailhub.desk import contacts
from emailhub.desk import models as desk
from emailhub.desk.past import append_past, open_past_ticket
from emailhub.desk.receive import Received
from emailhub.desk.storing import StoredFile
from emailhub.mail import Mailbox

from .carry_out import store_files
from .deciding import lock_ticket
from .examined import Reading
from .gather import lock, own_addresses_of
from .models import ReceivedMessage
from .reading import Read, read_mail

_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)  # the first mail of all was sent in that year


@dataclass(frozen=True)
class Mailroom:
    """Whose history it is."""

    team: Team  # with its company
    address: str  # by which it came, ours
    ours: frozenset[str] = frozenset()  # further addresses under which the team wrote
    stays_open: bool = False  # tickets are to be worked on


@dataclass(frozen=True)
class Filed:
    """Where a mail of the past is now."""

    ticket: int  # its number
    is_new: bool  # False: it had been there before


def take_in_past(raw: bytes, room: Mailroom, *, now: datetime) -> Filed:
    """File a mail of the past. Call it outside any transaction. Raises reading.UnreadableError."""
    read, company_id = read_mail(raw), room.team.company_id
    with company(company_id):
        own = own_addresses_of(company_id) | room.ours
        if before := _filed_before(_reading(raw, read, room, own)):
            return before
    key = store.put(company_id, raw)
    files = store_files(company_id, read.message)
    with company(company_id):
        reading = _reading(raw, read, room, own)
        lock(reading)
        if before := _filed_before(reading):
            return before
        at = _date_of(read.message, now)
        reading.row.content_key, reading.row.size = key, len(raw)
        reading.row.received_at = reading.row.due_at = at
        received = _received(reading, read, contact=_contact(reading, at=at), files=files)
        return Filed(_file(reading, received, room, at=at), is_new=True)


def _reading(raw: bytes, read: Read, room: Mailroom, own: frozenset[str]) -> Reading:
    """Our address in From is the author here, unless the mail tells whom it was forwarded for."""
    message = read.message
    sender = mail.sender(message, own) or mail.sender(message, frozenset())
    address = sender.mailbox.address if sender else ""
    return Reading(
        row=ReceivedMessage(
            company_id=room.team.company_id,
            team=room.team,
            channel=CHANNEL,
            rcpt_to=[room.address],
            state=ReceivedMessage.State.DONE,
            outcome=ReceivedMessage.Outcome.TICKET,
            reason="imported",
            message_id=message.message_id,
            subject=message.subject,
            sender_name=sender.mailbox.name[:320] if sender else "",
            sender_address=address[:320],
        ),
        company_id=room.team.company_id,
        team_id=room.team.id,
        message=message,
        message_key=mail.message_key(message, raw, address),
        sender=sender,
        own_addresses=own,
    )


def _filed_before(reading: Reading) -> Filed | None:
    same = desk.Message.objects.filter(team_id=reading.team_id, message_key=reading.message_key)
    number = same.values_list("ticket__number", flat=True).first()
    return None if number is None else Filed(number, is_new=False)


def _date_of(message: mail.Message, now: datetime) -> datetime:
    """What its Date says, where that can be; a mail without one came now."""
    return min(max(message.date, _EARLIEST), now) if message.date else now


def _is_ours(reading: Reading) -> bool:
    return reading.address in reading.own_addresses


def _outsiders(reading: Reading) -> list[Mailbox]:
    """Those who wrote or got it and are not we, the author first."""
    message = reading.message
    author = [reading.sender.mailbox] if reading.sender else []
    people = [*author, *message.to, *message.cc]
    return [box for box in people if box.address and box.address not in reading.own_addresses]


def _contact(reading: Reading, *, at: datetime) -> desk.Contact:
    """Who it is about: the author, or the first whom the team wrote to, who is known by that."""
    person = next(iter(_outsiders(reading)), Mailbox("", ""))
    contact = desk.Contact.objects.with_address(person.address).first() if person.address else None
    confirmed_at = at if _is_ours(reading) and person.address else None
    if contact is None:
        author = reading.sender.mailbox if reading.sender else Mailbox("", "")
        firm = Company.objects.get(pk=reading.company_id)
        name = person.name or person.address.partition("@")[0] or author.name or author.address or "?"
        address = person.address if mail.is_sendable(person.address) else ""
        return contacts.create_contact(firm, name=name, address=address, confirmed_at=confirmed_at)
    if confirmed_at:
        contacts.confirm(contact, now=confirmed_at)
    return contact


def _received(
    reading: Reading, read: Read, *, contact: desk.Contact, files: Sequence[StoredFile]
) -> Received:
    sender, team = reading.sender, reading.row.team
    assert team is not None
    author = sender.mailbox if sender else Mailbox("", "")
    return Received(
        team=team,
        mail=read.message,
        sender=author,
        answer_to=sender.reply_to.address if sender and sender.reply_to.address != author.address else "",
        contact=contact,
        message_key=reading.message_key,
        content_key=reading.row.content_key,
        new_text=read.new_text,
        files=files,
        verdict=desk.Message.Verdict.NONE,
        flags=(),
        own_addresses=reading.own_addresses,
    )


def _file(reading: Reading, received: Received, room: Mailroom, *, at: datetime) -> int:
    """Put it on its ticket, and return that one's number."""
    assert received.contact is not None
    ticket = _ticket_of_thread(reading) or open_past_ticket(
        team=room.team,
        contact=received.contact,
        subject=reading.message.subject,
        at=at,
        stays_open=room.stays_open,
    )
    outgoing = _record_sent(reading, at) if _is_ours(reading) else None
    message = append_past(ticket, received, at=at, outgoing=outgoing)
    if outgoing is None:
        reading.row.filed_as = message
        reading.row.save()
    return ticket.number


def _record_sent(reading: Reading, at: datetime) -> OutgoingMessage:
    message = reading.message
    return record_past(
        company_id=reading.company_id,
        message_id=message.message_id,
        content_key=reading.row.content_key,
        size=reading.row.size,
        recipients=[box.address for box in (*message.to, *message.cc) if box.address],
        at=at,
    )


def _ticket_of_thread(reading: Reading) -> desk.Ticket | None:
    """The team's ticket with a mail of the thread, nearest first, in which one of its people takes part.

    Of a newsletter that many have answered each has a ticket of their own.
    """
    message = reading.message
    ids = [*mail.thread_ids(message), message.message_id]
    order = {id: place for place, id in enumerate(ids) if id}
    known = desk.KnownId.objects.filter(value__in=order, message__team_id=reading.team_id)
    related = known.exclude(value=message.message_id, is_own=True).values_list("value", "message__ticket_id")
    people = [box.address for box in _outsiders(reading)]
    for _, ticket_id in sorted(related, key=lambda row: (order[row[0]], -row[1])):
        if desk.Participant.objects.filter(ticket_id=ticket_id, address__in=people).exists():
            return lock_ticket(ticket_id)
    return None

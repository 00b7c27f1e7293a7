"""The customers of the demo and what is in their mailboxes: the finished bytes that we delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from emailhub import mail, store
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.desk.models import Contact, ContactEmail, Message
from emailhub.mail import Mailbox

AT_MOST = 20  # mails of a mailbox, the newest
_RECENT = 80  # mails among which the customers to choose from are looked for
_CHOICES = 5


@dataclass(frozen=True)
class Person:
    """A customer to play."""

    name: str
    address: str
    ticket: int | None = None  # the number of the ticket on which they wrote last
    is_contact: bool = False


@dataclass(frozen=True)
class Delivered:
    """A mail that a customer has."""

    id: int
    at: datetime
    mail: mail.Message


STRANGER = Person("Alex Moreno", "alex.moreno@nuevo.example")


def people(chosen: str) -> list[Person]:
    """Those who wrote last, a stranger, and the chosen one in any case."""
    found: dict[str, Person] = {}
    for person in _recent():
        found.setdefault(person.address, person)
    listed = [*list(found.values())[:_CHOICES], STRANGER]
    if chosen and chosen not in {person.address for person in listed}:
        listed.insert(0, found.get(chosen) or person_with(chosen))
    return listed


def person_with(address: str) -> Person:
    """Whoever has this address, by the name under which we know them."""
    contact = Contact.objects.with_address(address).first()
    last = Message.objects.filter(sender_address=address).order_by("-id").first()
    name = contact.name if contact else last.sender_name if last else ""
    if address == STRANGER.address:
        name = name or STRANGER.name
    return Person(name or address.partition("@")[0], address, is_contact=contact is not None)


def _recent() -> Iterator[Person]:
    messages = Message.objects.filter(outgoing=None, automatic="").exclude(sender_address="")
    known = set(ContactEmail.objects.values_list("address", flat=True))
    for message in messages.select_related("ticket").order_by("-id")[:_RECENT]:
        address = message.sender_address
        yield Person(message.sender_name or address, address, message.ticket.number, address in known)


def mailbox(address: str) -> list[Delivered]:
    """What was delivered to this address, newest first."""
    had = OutgoingRecipient.objects.filter(address=address, state=OutgoingRecipient.State.SENT)
    rows = OutgoingMessage.objects.filter(channel="demo", recipients__in=had).order_by("-id")
    return [_open(row) for row in rows[:AT_MOST]]


def delivered(outgoing_id: int) -> Delivered:
    """A mail that some customer has; 404 where there is none."""
    had = OutgoingRecipient.objects.filter(message_id=outgoing_id, state=OutgoingRecipient.State.SENT)
    row = OutgoingMessage.objects.filter(pk=outgoing_id, channel="demo", recipients__in=had).first()
    if row is None:
        raise Http404
    return _open(row)


def source_key(outgoing_id: int) -> str:
    """The key of the finished bytes of a delivered mail; 404 where there is none."""
    delivered(outgoing_id)
    return OutgoingMessage.objects.get(pk=outgoing_id).content_key


def last_with_copy() -> tuple[int, Mailbox] | None:
    """The last mail that somebody has as a copy, and who: what to try first."""
    sent = Message.objects.filter(outgoing__recipients__state=OutgoingRecipient.State.SENT).exclude(cc=[])
    for message in sent.select_related("outgoing").order_by("-id")[:1]:
        name, address = message.cc[0]
        return message.outgoing_id or 0, Mailbox(name, address)
    return None


def _open(row: OutgoingMessage) -> Delivered:
    message = mail.parse(store.get(row.company_id, row.content_key))
    return Delivered(row.pk, message.date or row.created_at, message)

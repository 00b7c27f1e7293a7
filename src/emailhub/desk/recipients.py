"""Who an answer goes to: what is proposed, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings

from emailhub import mail
from emailhub.hub.addresses import without_tag
from emailhub.hub.models import HubAddress, Identity
from emailhub.mail import Mailbox

from .errors import (
    BadAddressError,
    HubOffError,
    NoAddressError,
    NoRecipientError,
    OwnAddressError,
    TooManyRecipientsError,
)
from .models import Message, Participant, Ticket

AT_MOST = 50


@dataclass(frozen=True)
class Proposal:
    """What the composer starts with."""

    sender: Mailbox  # our From line
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    offered: tuple[Mailbox, ...]  # copied by an unverified mail: one click adds them
    subject: str
    answers: Message | None
    hidden_author: Mailbox | None  # a BCC'd person wrote last: an answer to all would reveal them


def sender_of(ticket: Ticket) -> Mailbox:
    """The From line of this ticket's mail. Raises HubOffError."""
    identity = Identity.objects.select_related("team").filter(team_id=ticket.team_id, enabled=True).first()
    address = HubAddress.objects.filter(team_id=ticket.team_id, is_sender=True).first()
    if identity is None or address is None:
        raise HubOffError
    return Mailbox(identity.from_name(), address.address)


def propose(ticket: Ticket, *, answers: Message | None = None, only_author: bool = False) -> Proposal:
    """Recipients and subject of the next mail on a ticket.

    To is the customer, by the address last used on this ticket; CC are the other people of the last
    mail that the customer can see. `answers` with `only_author` writes to the author of one message.
    Raises HubOffError, NoAddressError.
    """
    last_of_all = ticket.messages.order_by("-id").first()
    visible = answers or ticket.messages.filter(is_private=False).order_by("-id").first()
    hidden = last_of_all if last_of_all and last_of_all.is_private else None
    to = _author(answers) if answers and only_author else customer_of(ticket)
    if not to:
        raise NoAddressError
    cc = () if only_author or visible is None else _others(ticket, visible, to)
    return Proposal(
        sender=sender_of(ticket),
        to=tuple(to),
        cc=tuple(cc),
        offered=_offered(ticket),
        subject=mail.reply_subject(ticket.subject) if visible else ticket.subject,
        answers=visible,
        hidden_author=Mailbox(hidden.sender_name, hidden.sender_address) if hidden else None,
    )


def _author(message: Message) -> list[Mailbox]:
    if message.is_received:
        return [Mailbox(message.sender_name, message.answer_to or message.sender_address)]
    return boxes(message.to)


def customer_of(ticket: Ticket) -> list[Mailbox]:
    """The customer, by the address last used on this ticket, else the primary one; empty without any."""
    used = (
        ticket.messages.filter(contact_id=ticket.contact_id, outgoing__isnull=True, is_private=False)
        .exclude(sender_address="")
        .order_by("-id")
        .first()
    )
    own = set(ticket.contact.emails.values_list("address", flat=True))
    if used and (used.sender_address in own or not own):
        return [Mailbox(ticket.contact.name, used.answer_to or used.sender_address)]
    primary = ticket.contact.primary_email()
    return [Mailbox(ticket.contact.name, primary)] if primary else []


def _others(ticket: Ticket, message: Message, to: Iterable[Mailbox]) -> list[Mailbox]:
    parts = Participant.objects.filter(ticket=ticket)
    hidden = set(parts.filter(part="bcc").values_list("address", flat=True))
    openly = set(parts.exclude(part="bcc").filter(is_offered=False).values_list("address", flat=True))
    offered = set(parts.filter(is_offered=True).values_list("address", flat=True)) - openly
    left_out = (
        {box.address for box in to}
        | (hidden - openly)
        | offered
        | set(ticket.contact.emails.values_list("address", flat=True))
    )
    people = boxes(message.to) + boxes(message.cc)
    if message.is_received:
        people.insert(0, Mailbox(message.sender_name, message.sender_address))
    own = own_addresses([box.address for box in people])
    return [
        box
        for box in {box.address: box for box in people}.values()
        if box.address and box.address not in left_out and box.address not in own
    ]


def _offered(ticket: Ticket) -> tuple[Mailbox, ...]:
    rows = Participant.objects.filter(ticket=ticket, is_offered=True).order_by("id")
    return tuple(Mailbox(row.name, row.address) for row in rows)


def boxes(pairs: Sequence[Sequence[str]]) -> list[Mailbox]:
    """Mailboxes from the [name, address] pairs that a row stores."""
    return [Mailbox(name, address) for name, address in pairs]


def as_text(people: Iterable[Mailbox]) -> str:
    """An address list as a person would type it (RFC 5322 3.4)."""
    return ", ".join(_box(person) for person in people)


def _box(person: Mailbox) -> str:
    if not person.name or person.name == person.address:
        return person.address
    name = person.name.replace("\\", "").replace('"', "'")
    return f'"{name}" <{person.address}>'


def own_addresses(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses that belong to a team of this company, plus-tags included."""
    plain = {address: without_tag(address) for address in addresses if "@" in address}
    wanted = {*plain, *plain.values()}
    own = set(HubAddress.objects.filter(address__in=wanted).values_list("address", flat=True))
    return {address for address, bare in plain.items() if address in own or bare in own}


def check(to: Sequence[Mailbox], cc: Sequence[Mailbox], bcc: Sequence[Mailbox]) -> None:
    """Refuse recipients that no mail can go to, before anything is stored.

    Raises NoRecipientError, TooManyRecipientsError, BadAddressError, OwnAddressError.
    """
    everyone = [*to, *cc, *bcc]
    if not everyone:
        raise NoRecipientError
    if len(everyone) > AT_MOST:
        raise TooManyRecipientsError
    for box in everyone:
        if not mail.is_sendable(box.address):
            raise BadAddressError(box.address)
    for address in own_addresses(box.address for box in everyone):
        raise OwnAddressError(address)


def domain_of_sender(sender: Mailbox) -> str:
    """The domain for our Message-IDs: the sending one."""
    return sender.domain or settings.MAIL_DOMAIN

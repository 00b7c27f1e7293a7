"""Who an answer goes to: what is proposed, and what is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet, Subquery

from emailhub import mail
from emailhub.accounts.models import Advisor
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
from .models import Activity, Message, Participant, Ticket

AT_MOST = 50


@dataclass(frozen=True)
class Proposal:
    """What the composer starts with."""

    sender: str  # the address that it leaves with
    identity: Identity  # of the team that sends
    own: tuple[str, ...]  # the sending team's addresses: a mail to one of them would be a loop
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    offered: tuple[Mailbox, ...]  # copied by an unverified mail: one click adds them
    dropped: tuple[Mailbox, ...]  # took part before, and are not in the mail that is answered
    subject: str
    answers: Message | None
    hidden_author: Mailbox | None  # a BCC'd person wrote last: an answer to all would reveal them


def sender_of(ticket: Ticket, *, by: Advisor) -> Mailbox:
    """The From line of the mail that an advisor sends from this ticket. Raises HubOffError."""
    sending = _sending_address(ticket, _hub_addresses(ticket, ()))
    return Mailbox(sending.team.identity.from_name(by), sending.address)


def propose(ticket: Ticket, *, answers: Message | None = None, only_author: bool = False) -> Proposal:
    """Recipients and subject of the next mail on a ticket.

    To is the customer, by the address last used on this ticket; CC are the other people of the last
    mail that the customer can see. `answers` with `only_author` writes to the author of one message.
    Raises HubOffError, NoAddressError.
    """
    latest = _latest(ticket)
    visible = answers or next((message for message in latest if not message.is_private), None)
    to = _author(answers) if answers and only_author else _customer(ticket, latest)
    if not to:
        raise NoAddressError
    people = [] if only_author or visible is None else _people(visible)
    parts = list(ticket.participants.all())
    ours = _hub_addresses(ticket, [*people, *_openly(parts)])
    sending = _sending_address(ticket, ours)
    own = {row.address for row in ours}
    cc = _others(ticket, people, to, parts, own)
    return Proposal(
        sender=sending.address,
        identity=sending.team.identity,
        own=tuple(row.address for row in ours if row.team_id == ticket.team_id),
        to=tuple(to),
        cc=tuple(cc),
        offered=tuple(Mailbox(row.name, row.address) for row in parts if row.is_offered),
        dropped=() if only_author else tuple(_others(ticket, _openly(parts), [*to, *cc], parts, own)),
        subject=mail.reply_subject(ticket.subject) if visible else ticket.subject,
        answers=visible,
        hidden_author=_hidden_author(latest),
    )


def customer_of(ticket: Ticket) -> list[Mailbox]:
    """The customer, by the address last used on this ticket, else the primary one; empty without any."""
    return _customer(ticket, _latest(ticket))


def hidden_author_of(ticket: Ticket) -> Mailbox | None:
    """Who was in BCC and wrote last: the others do not know of them."""
    return _hidden_author(_latest(ticket))


def _hidden_author(latest: Sequence[Message]) -> Mailbox | None:
    newest = latest[0] if latest else None
    if newest is None or not newest.is_private or not newest.is_received:
        return None
    return Mailbox(newest.sender_name, newest.sender_address)


def mails_of(ticket: Ticket) -> QuerySet[Message]:
    """The mails that may be answered: what an advisor wrote to us by mail is a note, for the team alone."""
    kinds = (Activity.Kind.RECEIVED, Activity.Kind.SENT)
    return ticket.messages.filter(activity__kind__in=kinds)


def _latest(ticket: Ticket) -> list[Message]:
    """The last message, the last that the customer can see and their own last one, newest first.

    Asked for together and without their texts.
    """
    newest = mails_of(ticket).order_by("-id")
    shown = newest.filter(is_private=False)
    own = shown.filter(contact_id=ticket.contact_id, outgoing__isnull=True).exclude(sender_address="")
    wanted = [Q(pk=Subquery(found.values("pk")[:1])) for found in (newest, shown, own)]
    latest = Message.objects.filter(wanted[0] | wanted[1] | wanted[2], ticket=ticket)
    return list(latest.defer("text", "html", "references").order_by("-id"))


def _customer(ticket: Ticket, latest: Iterable[Message]) -> list[Mailbox]:
    emails = list(ticket.contact.emails.all())
    used = next((message for message in latest if _is_customers(message, ticket)), None)
    if used and (not emails or used.sender_address in {email.address for email in emails}):
        return [Mailbox(ticket.contact.name, used.answer_to or used.sender_address)]
    primary = ticket.contact.primary_email()
    return [Mailbox(ticket.contact.name, primary)] if primary else []


def _is_customers(message: Message, ticket: Ticket) -> bool:
    is_visible = message.is_received and not message.is_private
    return is_visible and message.contact_id == ticket.contact_id and bool(message.sender_address)


def _hub_addresses(ticket: Ticket, people: Iterable[Mailbox]) -> list[HubAddress]:
    """The team's addresses, and those of other teams among the people."""
    wanted = Q(team_id=ticket.team_id) | Q(address__in=_with_untagged(box.address for box in people))
    return list(
        HubAddress.objects.filter(wanted).select_related("team__identity", "team__company").order_by("id")
    )


def _sending_address(ticket: Ticket, ours: Iterable[HubAddress]) -> HubAddress:
    for row in ours:
        if row.is_sender and row.team_id == ticket.team_id:
            identity: Identity | None = getattr(row.team, "identity", None)
            if identity is not None and identity.enabled:
                return row
    raise HubOffError


def _author(message: Message) -> list[Mailbox]:
    if message.is_received:
        return [Mailbox(message.sender_name, message.answer_to or message.sender_address)]
    return boxes(message.to)


def _people(message: Message) -> list[Mailbox]:
    """Everybody who wrote or got it, once."""
    people = boxes(message.to) + boxes(message.cc)
    if message.is_received:
        people.insert(0, Mailbox(message.sender_name, message.sender_address))
    return [box for box in {box.address: box for box in people}.values() if box.address]


def _others(
    ticket: Ticket,
    people: Iterable[Mailbox],
    to: Iterable[Mailbox],
    parts: Iterable[Participant],
    ours: Collection[str],
) -> list[Mailbox]:
    """Those of the people who are copied: not the customer, not ours, not hidden, not only offered."""
    openly = {row.address for row in parts if row.part != Participant.Part.BCC and not row.is_offered}
    left_out = {row.address for row in parts} - openly
    left_out |= {box.address for box in to} | {email.address for email in ticket.contact.emails.all()}
    return [
        box
        for box in people
        if box.address not in left_out and not _with_untagged([box.address]).intersection(ours)
    ]


def _openly(parts: Iterable[Participant]) -> list[Mailbox]:
    """Who takes part for all to see, by their last name, once."""
    shown = [part for part in parts if part.part != Participant.Part.BCC and not part.is_offered]
    return list({part.address: Mailbox(part.name, part.address) for part in shown}.values())


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


def _own_addresses(addresses: Iterable[str], team_id: int) -> set[str]:
    """Those of these addresses that belong to the team, plus-tags included."""
    asked = set(addresses)
    rows = HubAddress.objects.filter(team_id=team_id, address__in=_with_untagged(asked))
    own = set(rows.values_list("address", flat=True))
    return {address for address in asked if _with_untagged([address]) & own}


def _with_untagged(addresses: Iterable[str]) -> set[str]:
    """The addresses, and each without its plus-tag."""
    real = [address for address in addresses if "@" in address]
    return {*real, *map(without_tag, real)}


def check(to: Sequence[Mailbox], cc: Sequence[Mailbox], bcc: Sequence[Mailbox], *, team_id: int) -> None:
    """Refuse recipients that no mail of this team can go to, before anything is stored.

    A neighbour is written to as everybody is: only what comes back to the team that sent it is a loop.
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
    for address in _own_addresses((box.address for box in everyone), team_id):
        raise OwnAddressError(address)


def domain_of_sender(sender: Mailbox) -> str:
    """The domain for our Message-IDs: the sending one."""
    return sender.domain or settings.MAIL_DOMAIN

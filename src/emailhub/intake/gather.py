"""Gather the facts about one delivery: the only reads of the decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from emailhub import mail, rules
from emailhub.accounts.models import Advisor
from emailhub.desk import models as desk
from emailhub.hub import addresses
from emailhub.hub.models import HubAddress, Identity
from emailhub.rules import Facts, Reference, ReferenceKind, Verdict

from .models import ReceivedMessage


@dataclass(frozen=True)
class Reading:
    """A delivery with all that could be worked out without the database."""

    row: ReceivedMessage
    company_id: int
    team_id: int  # 0: it came to one of our return-paths
    message: mail.Message
    message_key: str
    sender: mail.Sender | None
    own_addresses: frozenset[str]
    verdict: Verdict = Verdict.NONE
    verified_forwarder: bool = False

    @property
    def address(self) -> str:
        return self.sender.mailbox.address if self.sender else ""


def own_addresses_of(company_id: int) -> frozenset[str]:
    """All addresses that teams of the company have or ever had."""
    return frozenset(HubAddress.objects.filter(company_id=company_id).values_list("address", flat=True))


def lock(reading: Reading) -> None:
    """Serialise what belongs together: mails of one sender, and mails of one thread.

    The locks are taken in sorted order, so that two mails never wait for each other.
    """
    company_id = reading.company_id
    ids = [reading.message.message_id, *mail.thread_ids(reading.message)]
    names = [f"{company_id} from {reading.address}", *(f"{company_id} id {id}" for id in ids if id)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM"
            " (SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest(%s::text[]) name ORDER BY 1) sorted",
            [names],
        )


def gather(reading: Reading, *, now: datetime) -> Facts:
    """Everything that decide() is told. Call it after lock(), in the same transaction."""
    message, team_id = reading.message, reading.team_id
    identity = Identity.objects.filter(team_id=team_id).first()
    sender = _sender(reading)
    return Facts(
        now=now,
        team_id=team_id,
        hub_enabled=identity is not None and identity.enabled,
        known_contacts_only=identity is not None and identity.known_contacts_only,
        sender=sender,
        verdict=reading.verdict,
        verified_forwarder=reading.verified_forwarder,
        subject=mail.normalise_subject(message.subject),
        automatic=bool(message.automatic),
        out_of_office=mail.out_of_office(message),
        is_report=message.report is not None,
        our_message_returned_to_sender=_is_our_own(message, team_id),
        duplicate_of=_duplicate(reading),
        references=_references(reading),
        open_tickets=_open_tickets(reading, sender),
        message_id_reused=_is_reused(reading),
    )


def _sender(reading: Reading) -> rules.Sender:
    address = reading.address
    if not address or reading.sender is None:
        author = reading.message.sender
        own_team = author is not None and author.address in _team_addresses(reading.team_id)
        return rules.Sender(address="", name=author.name if author else "", own_team=own_team)
    contact = desk.Contact.objects.with_address(address).first()
    return rules.Sender(
        address=address,
        name=reading.sender.mailbox.name,
        contact=_contact_fact(contact) if contact else None,
        advisor_id=advisor_with(address, reading.company_id),
        own_address=addresses.team_of(address) is not None,
        robot=mail.is_robot_address(address),
        recovered=reading.sender.recovered,
    )


def _contact_fact(contact: desk.Contact) -> rules.Contact:
    return rules.Contact(
        id=contact.id,
        name=contact.name,
        confirmed=contact.confirmed_at is not None,
        shared_sender=contact.shared_sender,
    )


def _team_addresses(team_id: int) -> set[str]:
    return set(HubAddress.objects.filter(team_id=team_id).values_list("address", flat=True))


def advisor_with(address: str, company_id: int) -> int | None:
    """The active advisor of the company whose log-in has this address."""
    advisors = Advisor.objects.filter(company_id=company_id, is_active=True, user__email=address)
    return advisors.values_list("id", flat=True).first()


def _is_our_own(message: mail.Message, team_id: int) -> bool:
    return bool(message.message_id) and (
        desk.Message.objects.filter(outgoing__isnull=False, message_id=message.message_id, team_id=team_id)
        .filter(known_ids__value=message.message_id, known_ids__is_own=True)
        .exists()
    )


def _duplicate(reading: Reading) -> int | None:
    same = desk.Message.objects.filter(team_id=reading.team_id, message_key=reading.message_key)
    return same.values_list("id", flat=True).first()


def _is_reused(reading: Reading) -> bool:
    id = reading.message.message_id
    others = desk.Message.objects.filter(
        team_id=reading.team_id, message_id=id, known_ids__value=id, known_ids__is_own=True
    ).exclude(message_key=reading.message_key)
    return bool(id) and others.exists()


@dataclass(frozen=True)
class _Proof:
    ticket_id: int
    kind: ReferenceKind
    in_reply_to: bool
    subject: str


def _references(reading: Reading) -> tuple[Reference, ...]:
    """What proves that the mail answers one of our tickets, nearest id first, each ticket's best proof kept."""
    proofs = [*_proofs_by_id(reading.message), *_proof_by_subject(reading.message)]
    tickets = _ticket_facts({proof.ticket_id for proof in proofs}, reading)
    return tuple(
        Reference(
            kind=proof.kind,
            ticket=tickets[proof.ticket_id],
            named_in_reply_to=proof.in_reply_to,
            subject=proof.subject,
        )
        for proof in proofs
        if proof.ticket_id in tickets
    )


def _proofs_by_id(message: mail.Message) -> list[_Proof]:
    named = {id.id: id.in_reply_to for id in mail.reference_ids(message)}
    wanted = [*named, message.message_id] if message.message_id else [*named]
    if not wanted:
        return []
    known = desk.KnownId.objects.filter(value__in=wanted).select_related("message")
    order = {value: place for place, value in enumerate(wanted)}
    rows = sorted(known, key=lambda row: (order[row.value], -row.message_id))
    return list(dict.fromkeys(proof for row in rows if (proof := _proof(row, message, named)) is not None))


def _proof(row: desk.KnownId, message: mail.Message, named: dict[str, bool]) -> _Proof | None:
    if row.value not in named:  # our mail's own id: somebody answered it before it came
        kind = None if row.is_own else ReferenceKind.LATE_PARENT
    elif not row.is_own:
        kind = ReferenceKind.ANCESTOR
    elif row.message.outgoing_id is not None:
        kind = ReferenceKind.OUR_MESSAGE
    else:
        kind = ReferenceKind.RECEIVED_MESSAGE
    if kind is None:
        return None
    subject = mail.normalise_subject(row.message.subject)
    return _Proof(row.message.ticket_id, kind, named.get(row.value, False), subject)


def _proof_by_subject(message: mail.Message) -> list[_Proof]:
    number = mail.ticket_number(message.subject)
    if number is None:
        return []
    found = desk.Ticket.objects.filter(number=number).values_list("id", flat=True)
    return [_Proof(id, ReferenceKind.SUBJECT, False, "") for id in found]


def _open_tickets(reading: Reading, sender: rules.Sender) -> tuple[rules.Ticket, ...]:
    if sender.contact is None:
        return ()
    ids = desk.Ticket.objects.filter(contact_id=sender.contact.id).not_closed().newest_first()[:200]
    return tuple(_ticket_facts({ticket.id for ticket in ids}, reading).values())


def _ticket_facts(ids: Iterable[int], reading: Reading) -> dict[int, rules.Ticket]:
    tickets = list(desk.Ticket.objects.filter(id__in=list(ids)).select_related("team__identity"))
    people = _people_of(tickets)
    copies = dict(
        desk.Message.objects.filter(ticket__in=tickets, message_key=reading.message_key).values_list(
            "ticket_id", "id"
        )
    )
    id = reading.message.message_id
    sent = set(
        desk.Message.objects.filter(ticket__in=tickets, outgoing__isnull=False, message_id=id).values_list(
            "ticket_id", flat=True
        )
        if id
        else ()
    )
    return {
        ticket.id: _ticket(
            ticket, reading, people.get(ticket.id, {}), copies.get(ticket.id), ticket.id in sent
        )
        for ticket in tickets
    }


def _people_of(tickets: Sequence[desk.Ticket]) -> dict[int, dict[str, set[str]]]:
    """By ticket, the parts that each address has in it."""
    people: dict[int, dict[str, set[str]]] = {}
    rows = desk.Participant.objects.filter(ticket__in=tickets, is_offered=False)
    for ticket_id, address, part in rows.values_list("ticket_id", "address", "part"):
        people.setdefault(ticket_id, {}).setdefault(address, set()).add(part)
    return people


def _ticket(
    ticket: desk.Ticket,
    reading: Reading,
    people: dict[str, set[str]],
    copy: int | None,
    sent: bool,
) -> rules.Ticket:
    message = reading.message
    recipients = {box.address for box in (*message.to, *message.cc)} - reading.own_addresses
    parts = people.get(reading.address, set())
    identity = getattr(ticket.team, "identity", None)
    return rules.Ticket(
        id=ticket.id,
        number=ticket.number,
        team_id=ticket.team_id,
        status=rules.Status(ticket.status),
        customer_id=ticket.contact_id,
        assignee_id=ticket.assignee_id,
        subject=ticket.normal_subject,
        last_activity_at=ticket.last_activity_at,
        closed_at=ticket.closed_at,
        received_by_team_id=ticket.received_by_id,
        reopen_days=identity.reopen_days if identity else 7,
        sender_takes_part=bool(parts),
        recipient_takes_part=any(address in people for address in recipients),
        sender_was_bcc_only=parts == {"bcc"},
        holds_copy=copy,
        sent_this_mail=sent,
        opened_unverified=_opened_unverified(ticket),
    )


def _opened_unverified(ticket: desk.Ticket) -> bool:
    """Whether a mail that failed opened the ticket, and nobody of us has written on it since."""
    first = ticket.messages.order_by("id").first()
    if first is None or first.verdict != desk.Message.Verdict.FAIL:
        return False
    return not ticket.messages.filter(outgoing__isnull=False).exists()

"""Gather the facts about one delivery: the only reads of the decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Coalesce

from emailhub import mail, rules
from emailhub.accounts.models import Advisor
from emailhub.delivery import outbox
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk import models as desk
from emailhub.hub import addresses
from emailhub.hub.models import HubAddress, Identity
from emailhub.hub.policy import policy_of
from emailhub.hub.probes import find_probe
from emailhub.rules import Facts, Reference, ReferenceKind, Verdict
from emailhub.rules.breaker import Breaker
from emailhub.rules.matching import Field, Letter

from .breaker import look_at_breaker
from .examined import Reading
from .models import ReceivedMessage
from .rule_facts import first_match, letter_of


@dataclass(frozen=True)
class Considered:
    """What a decision is taken by, and what the breaker says to the mail."""

    facts: Facts
    letter: Letter  # what the inbound rules saw
    counts: bool  # it is automatic, or answers an automatic reply of ours
    breaker: Breaker


def own_addresses_of(company_id: int) -> frozenset[str]:
    """All addresses that teams of the company have or ever had."""
    return frozenset(HubAddress.objects.filter(company_id=company_id).values_list("address", flat=True))


def is_our_mail(message_id: str) -> bool:
    """Whether a team of the company sent the mail with this id, which nobody can guess."""
    return bool(message_id) and OutgoingMessage.objects.filter(message_id=message_id).exists()


def lock(reading: Reading) -> None:
    """Serialise what belongs together: mails of one sender, and mails of one thread.

    The locks are taken in sorted order, so that two mails never wait for each other.
    """
    company_id = reading.company_id
    ids = [reading.message.message_id, *mail.thread_ids(reading.message)]
    names = [f"{company_id} from {reading.address}", *(f"{company_id} id {id}" for id in ids if id)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(name, 0) AS key"
            " FROM unnest(%s::text[]) name ORDER BY 1) sorted",
            [names],
        )


def gather(reading: Reading, *, now: datetime, released: bool = False) -> Considered:
    """Everything that decide() is told. Call it after lock(), in the same transaction.

    `released`: a person let the mail out of the held or ignored mail.
    """
    message = reading.message
    identity = Identity.objects.filter(team_id=reading.team_id).first()
    policy = policy_of(identity)
    contact = desk.Contact.objects.with_address(reading.address).first() if reading.address else None
    sender = _sender(reading, contact)
    known = _known_ids(message, reading.address)
    proofs = [
        *_proofs_by_id(message, known),
        *_proof_by_return_path(reading.row),
        *_proof_by_subject(message),
    ]
    open_ids = _open_tickets(sender)
    copies = _copies(reading, {*open_ids, *(proof.ticket_id for proof in proofs)})
    tickets = _ticket_facts(reading, copies, known)
    own_id = [row for row in known if row.is_own and row.value == message.message_id]
    automatic, away = bool(message.automatic), mail.out_of_office(message)
    by_machine = automatic or away or sender.robot
    letter = letter_of(reading, contact, automatic=by_machine, with_segments=Field.SEGMENT in policy.fields)
    counts = by_machine or _answers_automatic_reply(message, known)
    breaker = look_at_breaker(reading.team_id, sender.address, counts=counts, now=now)
    facts = Facts(
        now=now,
        team_id=reading.team_id,
        hub_enabled=identity is not None and identity.enabled,
        known_contacts_only=identity is not None and identity.known_contacts_only,
        sender=sender,
        verdict=reading.verdict,
        verified_forwarder=reading.verified_forwarder,
        strict_policy=reading.strict_policy,
        subject=mail.normalise_subject(message.subject),
        automatic=automatic,
        out_of_office=away,
        is_report=message.report is not None,
        our_message_returned_to_sender=_is_our_own(reading, own_id),
        duplicate_of=copies.in_team,
        references=_references(proofs, tickets),
        open_tickets=tuple(tickets[id] for id in open_ids if id in tickets),
        message_id_reused=any(
            row.message.team_id == reading.team_id and row.message.message_key != reading.message_key
            for row in own_id
        ),
        set_up=_set_up(reading),
        rule=first_match(policy, letter, reading.team_id),
        possible_loop=breaker.holds,
        junk=mail.is_marked_junk(message, settings.JUNK_HEADER),
        blocked=policy.blocks(sender.address) if sender.readable else "",
        released=released,
    )
    return Considered(facts, letter, counts, breaker)


def _set_up(reading: Reading) -> str:
    """Our own probe, or a provider's question about a forward. A forged one is an ordinary mail."""
    if find_probe(reading.message) is not None:  # by its token: the forward may have broken all else
        return "probe"
    asked = reading.verdict is not Verdict.FAIL and mail.forwarding_confirmation(reading.message) is not None
    return "forwarding" if asked else ""


def _answers_automatic_reply(message: mail.Message, known: Sequence[desk.KnownId]) -> bool:
    named = {id.id for id in mail.reference_ids(message)}
    ours = (row.message for row in known if row.is_own and row.value in named and row.message.outgoing_id)
    return any(sent.automatic for sent in ours)


def _sender(reading: Reading, contact: desk.Contact | None) -> rules.Sender:
    address = reading.address
    if not address or reading.sender is None:
        author = reading.message.sender
        own_team = author is not None and author.address in _team_addresses(reading.team_id)
        return rules.Sender(address="", name=author.name if author else "", own_team=own_team)
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


def _known_ids(message: mail.Message, author: str) -> list[desk.KnownId]:
    """What we know by this mail's ids, its own and those it answers, nearest first.

    Of several messages with one id all but one took another's, to draw its answers to themselves: the
    author's own goes first, then the one that came first.
    """
    order = {id: place for place, id in enumerate([*mail.thread_ids(message), message.message_id]) if id}
    if not order:
        return []
    rows = (
        desk.KnownId.objects.filter(value__in=order)
        .select_related("message__ticket")
        .defer("message__html", "message__text")
    )
    return sorted(rows, key=lambda row: (order[row.value], *_place_among_equals(row, author)))


def _place_among_equals(row: desk.KnownId, author: str) -> tuple[bool, int]:
    if row.is_own:
        return row.message.sender_address != author, row.message_id
    return True, -row.message_id


def _is_our_own(reading: Reading, own_id: Sequence[desk.KnownId]) -> bool:
    """A mail of this team that came back to it; or one of the product itself, which is on no ticket."""
    if own_id:
        return any(_is_ours_of(row, reading.team_id) for row in own_id)
    return outbox.has_sent(reading.company_id, reading.message.message_id)


def _is_ours_of(row: desk.KnownId, team_id: int) -> bool:
    return row.message.outgoing_id is not None and row.message.team_id == team_id


@dataclass(frozen=True)
class _Proof:
    ticket_id: int
    kind: ReferenceKind
    in_reply_to: bool
    subject: str


def _proofs_by_id(message: mail.Message, known: Sequence[desk.KnownId]) -> list[_Proof]:
    """What proves that the mail answers one of our tickets, nearest id first."""
    named = {id.id: id.in_reply_to for id in mail.reference_ids(message)}
    proofs = (_proof(row, named) for row in known)
    return list(dict.fromkeys(proof for proof in proofs if proof is not None))


def _proof(row: desk.KnownId, named: dict[str, bool]) -> _Proof | None:
    kind = _kind(row, row.value in named)
    if kind is None:
        return None
    subject = mail.normalise_subject(row.message.subject)
    return _Proof(_home_of(row.message), kind, named.get(row.value, False), subject)


def _home_of(message: desk.Message) -> int:
    """The ticket on which what answers the mail belongs: a merged one leads to that which it is part of."""
    return message.ticket.merged_into_id or message.ticket_id


def _kind(row: desk.KnownId, is_named: bool) -> ReferenceKind | None:
    if not is_named:  # the mail's own id: somebody answered it before it came
        return None if row.is_own else ReferenceKind.LATE_PARENT
    if not row.is_own:
        return ReferenceKind.ANCESTOR
    ours = row.message.outgoing_id is not None
    return ReferenceKind.OUR_MESSAGE if ours else ReferenceKind.RECEIVED_MESSAGE


def sent_with_return_path(addresses: Sequence[str]) -> desk.Message | None:
    """The mail of ours whose reverse-path is one of these addresses, if it is on a ticket."""
    ours = [address for address in addresses if outbox.is_return_path(address)]
    sent = desk.Message.objects.filter(outgoing__mail_from__in=ours) if ours else desk.Message.objects.none()
    return sent.select_related("team", "ticket").first()


def _proof_by_return_path(row: ReceivedMessage) -> list[_Proof]:
    """Who writes to the reverse-path of a mail of ours has seen that mail: nobody can guess it."""
    sent = sent_with_return_path(row.rcpt_to)
    if sent is None:
        return []
    return [_Proof(_home_of(sent), ReferenceKind.TOKEN, False, mail.normalise_subject(sent.subject))]


def _proof_by_subject(message: mail.Message) -> list[_Proof]:
    number = mail.ticket_number(message.subject)
    if number is None:
        return []
    named = desk.Ticket.objects.filter(number=number)
    found = named.values_list(Coalesce("merged_into_id", "id"), flat=True)
    return [_Proof(id, ReferenceKind.SUBJECT, False, "") for id in found]


def _references(proofs: Iterable[_Proof], tickets: dict[int, rules.Ticket]) -> tuple[Reference, ...]:
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


def _open_tickets(sender: rules.Sender) -> list[int]:
    if sender.contact is None:
        return []
    tickets = desk.Ticket.objects.filter(contact_id=sender.contact.id).not_closed().newest_first()
    return list(tickets.values_list("id", flat=True)[:200])


@dataclass(frozen=True)
class _Copies:
    """Where a message with the same key is already: in the receiving team, and by ticket."""

    in_team: int | None
    by_ticket: dict[int, int | None]  # every ticket in question; None: it holds none


def _copies(reading: Reading, ticket_ids: set[int]) -> _Copies:
    same = desk.Message.objects.filter(
        Q(team_id=reading.team_id) | Q(ticket_id__in=ticket_ids), message_key=reading.message_key
    ).values_list("id", "team_id", "ticket_id")
    by_ticket: dict[int, int | None] = dict.fromkeys(ticket_ids)
    in_team = None
    for id, team_id, ticket_id in same:
        if team_id == reading.team_id:
            in_team = id
        if ticket_id in by_ticket:
            by_ticket[ticket_id] = id
    return _Copies(in_team, by_ticket)


def _ticket_facts(
    reading: Reading, copies: _Copies, known: Sequence[desk.KnownId]
) -> dict[int, rules.Ticket]:
    if not copies.by_ticket:
        return {}
    tickets = list(desk.Ticket.objects.filter(id__in=copies.by_ticket).select_related("team__identity"))
    people = _people_of(tickets)
    unverified = _opened_unverified(tickets)
    sent = {
        _home_of(row.message)
        for row in known
        if row.is_own and row.value == reading.message.message_id and row.message.outgoing_id is not None
    }
    return {
        ticket.id: _ticket(
            ticket,
            reading,
            people.get(ticket.id, {}),
            holds_copy=copies.by_ticket[ticket.id],
            sent_this_mail=ticket.id in sent,
            opened_unverified=ticket.id in unverified,
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


def _opened_unverified(tickets: Sequence[desk.Ticket]) -> set[int]:
    """The tickets that a mail opened which failed, as long as nobody of us has written on them since."""
    messages = desk.Message.objects.filter(ticket__in=tickets)
    if not messages.filter(verdict=desk.Message.Verdict.FAIL).exists():
        return set()
    first = dict(messages.order_by("-id").values_list("ticket_id", "verdict"))
    written = messages.filter(outgoing__isnull=False, automatic="")  # an automatic reply vouches for nobody
    answered = set(written.values_list("ticket_id", flat=True))
    return {id for id, verdict in first.items() if verdict == desk.Message.Verdict.FAIL} - answered


def _ticket(
    ticket: desk.Ticket,
    reading: Reading,
    people: dict[str, set[str]],
    *,
    holds_copy: int | None,
    sent_this_mail: bool,
    opened_unverified: bool,
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
        holds_copy=holds_copy,
        sent_this_mail=sent_this_mail,
        opened_unverified=opened_unverified,
    )

"""Which ticket a mail answers, and whether it can prove it.

Knowing an unguessable id of ours proves that the mail was seen. Everything else (an id that other people
know as well, a ticket number) counts only from somebody who already takes part in that ticket.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from emailhub.rules.codes import Code
from emailhub.rules.facts import Facts, Reference, ReferenceKind, Status, Ticket
from emailhub.rules.trace import Trace

_SECRET = (ReferenceKind.OUR_MESSAGE, ReferenceKind.TOKEN)
"""Known only to those who saw our mail: 128 random bits, or a signature."""

_NAMED = (ReferenceKind.RECEIVED_MESSAGE, ReferenceKind.SUBJECT)
"""What a person may have meant: offered to the advisor where it is not proved. A shared ancestor is not:
everybody who answers the same newsletter has it."""

_STRENGTH = {
    ReferenceKind.OUR_MESSAGE: 0,
    ReferenceKind.RECEIVED_MESSAGE: 0,
    ReferenceKind.TOKEN: 1,
    ReferenceKind.LATE_PARENT: 2,
    ReferenceKind.ANCESTOR: 3,
    ReferenceKind.SUBJECT: 4,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """The proved answer to a ticket."""

    reference: Reference
    takes_part: bool  # the sender's address takes part in the ticket; see `participant`
    participant: bool  # ... and the sender is who the address says, as far as anybody checked
    late: bool  # the ticket was closed for longer than it may be opened again

    @property
    def ticket(self) -> Ticket:
        return self.reference.ticket


@dataclass(frozen=True, slots=True)
class Answered:
    """What the references of a mail come to."""

    reply: Reply | None
    betrayed: bool = False  # one of our secrets, from a stranger who is not who they say
    named: Ticket | None = None  # the ticket that is named without proof


def find_answered(facts: Facts, trace: Trace) -> Answered:
    """Return the reply that the mail proves to be, if it does."""
    ranked = _ranked(facts, trace)
    proved = [reference for reference in ranked if _is_proved(reference, facts)]
    if not proved:
        return _without_proof(ranked, trace)
    first = proved[0]
    trace.add(Code.REFERENCE_PROVED, ticket=first.ticket.number, kind=first.kind)
    others = {reference.ticket.number for reference in proved} - {first.ticket.number}
    for number in sorted(others):
        trace.add(Code.OTHER_TICKET_NAMED, ticket=number)
    return Answered(_reply(first, facts))


def _ranked(facts: Facts, trace: Trace) -> list[Reference]:
    """Return the references, strongest first: In-Reply-To before all else.

    The same id may be on tickets of two teams that both had the mail; each team keeps to its own ticket.
    A mail from one of our teams to another belongs on a ticket there, not on the one that sent it.
    """
    for number in sorted({r.ticket.number for r in facts.references if r.ticket.sent_this_mail}):
        trace.add(Code.SENT_BY_THAT_TICKET, ticket=number)
    return sorted(
        (reference for reference in facts.references if not reference.ticket.sent_this_mail),
        key=lambda reference: (
            not reference.named_in_reply_to,
            _STRENGTH[reference.kind],
            facts.team_id not in (reference.ticket.team_id, reference.ticket.received_by_team_id),
        ),
    )


def _is_proved(reference: Reference, facts: Facts) -> bool:
    takes_part = _takes_part(reference.ticket, facts)
    match reference.kind:
        case ReferenceKind.OUR_MESSAGE | ReferenceKind.TOKEN:
            return not facts.fails or takes_part or _was_bcc(reference.ticket, facts)
        case ReferenceKind.RECEIVED_MESSAGE:
            return takes_part
        case ReferenceKind.LATE_PARENT:
            return not facts.fails and (takes_part or reference.ticket.recipient_takes_part)
        case ReferenceKind.ANCESTOR | ReferenceKind.SUBJECT:
            return not facts.fails and takes_part


def _takes_part(ticket: Ticket, facts: Facts) -> bool:
    """Return whether the sender is on the ticket, openly: in From, To or CC, or as its customer."""
    if not facts.sender.readable:
        return False
    return is_customer(ticket, facts) or (ticket.sender_takes_part and not ticket.sender_was_bcc_only)


def is_customer(ticket: Ticket, facts: Facts) -> bool:
    """Return whether the sender's contact is the ticket's. Of a shared address, nobody can say."""
    contact = facts.sender.contact
    return contact is not None and not contact.shared_sender and contact.id == ticket.customer_id


def _was_bcc(ticket: Ticket, facts: Facts) -> bool:
    return facts.sender.readable and ticket.sender_was_bcc_only and not is_customer(ticket, facts)


def _without_proof(ranked: list[Reference], trace: Trace) -> Answered:
    for reference in ranked:
        trace.add(Code.REFERENCE_NOT_PROVED, ticket=reference.ticket.number, kind=reference.kind)
    betrayed = any(reference.kind in _SECRET for reference in ranked)
    named = [reference.ticket for reference in ranked if reference.kind in (*_SECRET, *_NAMED)]
    return Answered(None, betrayed, named[0] if named else None)


def _reply(reference: Reference, facts: Facts) -> Reply:
    takes_part = _takes_part(reference.ticket, facts) or _was_bcc(reference.ticket, facts)
    return Reply(
        reference,
        takes_part=takes_part,
        participant=takes_part and not facts.fails,
        late=_closed_too_long(reference.ticket, facts),
    )


def from_bcc(reply: Reply, facts: Facts) -> bool:
    """Return whether the sender knows the ticket from a BCC only: the others must not learn of it."""
    return _was_bcc(reply.ticket, facts)


def _closed_too_long(ticket: Ticket, facts: Facts) -> bool:
    """Return whether the ticket is closed and past the days in which an answer opens it again."""
    if ticket.status is not Status.CLOSED:
        return False
    if not ticket.reopen_days or ticket.closed_at is None:
        return True
    return facts.now - ticket.closed_at > timedelta(days=ticket.reopen_days)

"""What becomes of one delivery. One class per outcome, so that impossible states have no spelling."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    """What an advisor is shown beside the message."""

    NEW_PERSON = "new_person"  # joined by one of our Message-IDs, took no part before
    NOT_VERIFIED = "not_verified"
    LOOKS_LIKE = "looks_like"  # a verdict `fail` that names a contact: one click joins
    RECOVERED_SENDER = "recovered_sender"
    AUTOMATIC = "automatic"
    WAS_BCC = "was_bcc"
    FROM_ADVISOR = "from_advisor"
    LATE = "late"  # answers a ticket that was closed for longer than the window
    NOT_RELATED_SUBJECT = "subject_changed"


@dataclass(frozen=True, slots=True)
class Append:
    """Put it on a ticket that exists."""

    ticket_id: int
    reopen: bool = False
    needs_reply: bool = True  # the ticket becomes open, and somebody should answer
    join_people: bool = True  # its To and CC become participants (behaviour.md 0.8)
    private: bool = False  # shown to the team only, kept out of CC and quotes (a BCC'd person)
    as_note: bool = False  # an advisor answered from a mail client: never relayed
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class NewTicket:
    team_id: int
    contact_id: int | None  # None: make an unconfirmed contact from the sender
    assignee_id: int | None = None
    follow_up_of: int | None = None
    related_to: int | None = None  # an open ticket of the same customer that did not take it
    join_people: bool = True
    needs_reply: bool = True
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it without a ticket; people of the team can release it."""

    reason: str  # unknown_sender, not_verified, hub_off, unreadable_sender, possible_loop


@dataclass(frozen=True, slots=True)
class Ignore:
    rule_id: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    of: int


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    pass


@dataclass(frozen=True, slots=True)
class SetUpMail:
    kind: str


@dataclass(frozen=True, slots=True)
class Loop:
    pass


Decision = Append | NewTicket | Hold | Ignore | Duplicate | DeliveryReport | SetUpMail | Loop


@dataclass(frozen=True, slots=True)
class Step:
    """One line of "why is it here?": a code that the page translates, and what it was decided on."""

    code: str
    detail: tuple[tuple[str, str | int], ...] = ()

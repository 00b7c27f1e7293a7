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
    UNREADABLE_SENDER = "unreadable_sender"
    AUTOMATIC = "automatic"
    WAS_BCC = "was_bcc"
    FROM_ADVISOR = "from_advisor"
    LATE = "late"  # answers a ticket that was closed for longer than the window
    SUBJECT_CHANGED = "subject_changed"
    MATCHED_IGNORE = "matched_ignore"  # an Ignore rule matched, but it is an answer
    SAME_MESSAGE_ID = "same_message_id"  # another message with this Message-ID was stored before
    SENT_OUTSIDE = "sent_outside"  # by a colleague from a mail program, not from here


class HoldReason(StrEnum):
    UNKNOWN_SENDER = "unknown_sender"
    NOT_VERIFIED = "not_verified"
    HUB_OFF = "hub_off"
    UNREADABLE_SENDER = "unreadable_sender"
    POSSIBLE_LOOP = "possible_loop"
    JUNK = "junk"


@dataclass(frozen=True, slots=True)
class Append:
    """Put it on a ticket that exists."""

    ticket_id: int
    reopen: bool = False
    needs_reply: bool = True  # the ticket becomes open, and somebody should answer; never on one left closed
    join_people: bool = True  # its To and CC become participants
    private: bool = False  # shown to the team only, kept out of CC and quotes (a BCC'd person)
    as_note: bool = False  # an advisor answered from a mail client: never relayed
    assignee_id: int | None = None  # assign the ticket (it has nobody, and a rule names an advisor)
    follow_up_of: int | None = None  # it answers this ticket, which was closed too long ago
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class NewTicket:
    team_id: int
    contact_id: int | None  # None: make an unconfirmed contact from the sender (no address if unreadable)
    assignee_id: int | None = None
    follow_up_of: int | None = None  # the closed ticket that it answers
    related_to: int | None = None  # an open ticket of the same customer that did not take it
    could_join: int | None = None  # not proved: offer to join this ticket by one click
    join_people: bool = True
    needs_reply: bool = True
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it without a ticket; people of the team can release it."""

    reason: HoldReason
    could_join: int | None = None  # the ticket that it names without proof


@dataclass(frozen=True, slots=True)
class Ignore:
    rule_id: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    of: int  # the id of the stored message


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

    code: str  # one of codes.Code
    detail: tuple[tuple[str, str | int], ...] = ()

"""What decide() is told about one delivery: a mail, and the team that received it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """Whether the sender is who the From line says (DMARC, or none where nothing was evaluated)."""

    PASS = "pass"
    NONE = "none"
    FAIL = "fail"


class Status(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class ReferenceKind(StrEnum):
    """How a mail proves that it answers a mail on a ticket (behaviour.md 4.4a), strongest first."""

    OUR_MESSAGE = "our_message"  # In-Reply-To or References names one of our outgoing messages
    TOKEN = "token"  # signed token of a plus-address of ours
    RECEIVED_MESSAGE = "received_message"  # ... names a message that we received
    LATE_PARENT = "late_parent"  # an earlier stored message references this one (out of order)
    ANCESTOR = "ancestor"  # shares an id with the References of a stored message
    SUBJECT = "subject"  # [#1234] in the subject


@dataclass(frozen=True, slots=True)
class Ticket:
    id: int
    number: int
    team_id: int
    status: Status
    customer_id: int  # a contact
    assignee_id: int | None
    subject: str
    last_activity_at: datetime
    closed_at: datetime | None = None
    received_by_team_id: int | None = None  # the team whose address the ticket came in by
    reopen_days: int | None = 7  # of the ticket's team; None: never reopen, 0: as none
    sender_takes_part: bool = False  # the mail's sender is in From, To, CC or BCC of its messages
    recipient_takes_part: bool = False  # one of the mail's own recipients is (not a team address)
    sender_was_bcc_only: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    kind: ReferenceKind
    ticket: Ticket
    named_in_reply_to: bool = False  # the id stands in In-Reply-To, not only in References


@dataclass(frozen=True, slots=True)
class Contact:
    id: int
    name: str
    confirmed: bool
    shared_sender: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote it, by behaviour.md 4.5. `address` is empty where the mail names nobody."""

    address: str
    name: str
    contact: Contact | None = None
    advisor_id: int | None = None  # an active advisor of this company has this address
    own_address: bool = False  # an address of one of this installation's teams
    robot: bool = False  # no-reply-like, mailer-daemon, postmaster
    recovered: bool = False  # another than From (forwarder, web form)


@dataclass(frozen=True, slots=True)
class Facts:
    now: datetime
    team_id: int
    hub_enabled: bool
    known_contacts_only: bool
    sender: Sender
    verdict: Verdict
    verified_forwarder: bool
    subject: str  # normalised: without Re:, Fwd: and the like, folded case
    automatic: bool
    out_of_office: bool
    is_report: bool  # an RFC 3464 delivery report or its relatives
    our_message_returned_to_sender: bool  # its Message-ID is ours, and this team sent it
    duplicate_of: int | None  # the id of the stored message with the same key
    references: tuple[Reference, ...] = ()  # in the order of behaviour.md 4.4a, In-Reply-To first
    open_tickets: tuple[Ticket, ...] = ()  # not closed, of the sender's contact, candidates by 4.4b
    set_up: str = ""  # what kind of set-up mail, or ""

"""What decide() is told about one delivery: a mail, and the team that received it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """Whether the sender is who the From line says (DMARC, or none where nothing was evaluated)."""

    PASS = "pass"  # noqa: S105
    NONE = "none"
    FAIL = "fail"


class Status(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class ReferenceKind(StrEnum):
    """How a mail says that it answers a mail on a ticket."""

    OUR_MESSAGE = "our_message"  # In-Reply-To or References names one of our outgoing messages
    TOKEN = "token"  # noqa: S105  (the signed token of a plus-address of ours)
    RECEIVED_MESSAGE = "received_message"  # ... names a message that we received
    LATE_PARENT = "late_parent"  # an earlier stored message references this one (out of order)
    ANCESTOR = "ancestor"  # shares an id with the References of a stored message
    SUBJECT = "subject"  # [#1234] in the subject


class Action(StrEnum):
    """What an inbound rule does with the mail that it matches."""

    IGNORE = "ignore"
    ROUTE_TO_TEAM = "route_to_team"
    ROUTE_TO_ADVISOR = "route_to_advisor"
    CREATE_NEW = "create_new"


@dataclass(frozen=True, slots=True)
class Ticket:
    id: int
    number: int
    team_id: int
    status: Status
    customer_id: int  # a contact
    assignee_id: int | None
    subject: str  # normalised as Facts.subject is
    last_activity_at: datetime
    closed_at: datetime | None = None
    received_by_team_id: int | None = None  # the team whose address the ticket came in by
    reopen_days: int | None = 7  # of the ticket's team; None or 0: never reopen
    sender_takes_part: bool = False  # the mail's sender is in From, To, CC or BCC of its messages
    recipient_takes_part: bool = False  # one of the mail's own recipients is (not a team address)
    sender_was_bcc_only: bool = False  # the sender is in no From, To or CC, only in a BCC
    holds_copy: int | None = None  # the stored message on this ticket with the same key as this mail
    sent_this_mail: bool = False  # this mail is an outgoing message of this ticket (to another team of ours)
    opened_unverified: bool = False  # by a mail that failed, and nobody has vouched for its sender since


@dataclass(frozen=True, slots=True)
class Reference:
    kind: ReferenceKind
    ticket: Ticket
    named_in_reply_to: bool = False  # the id stands in In-Reply-To, not only in References
    subject: str = ""  # normalised, of the message that it names; "" where it names none


@dataclass(frozen=True, slots=True)
class Contact:
    id: int
    name: str
    confirmed: bool  # by import, by hand or by an advisor's first reply; strangers' mail does not confirm
    shared_sender: bool = False  # many people write from this address: always a new ticket


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote it. `address` is empty where the mail names nobody, or nobody that can be read."""

    address: str
    name: str
    contact: Contact | None = None
    advisor_id: int | None = None  # an active advisor of this company has this address
    own_address: bool = False  # an address of one of this installation's teams
    own_team: bool = False  # ... of the very team that received the mail: a forward hid who wrote it
    robot: bool = False  # no-reply-like, mailer-daemon, postmaster
    recovered: bool = False  # another than From (forwarder, web form)

    @property
    def readable(self) -> bool:
        """Whether the mail names somebody other than ourselves."""
        return bool(self.address) and not self.own_team


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """The first inbound rule of the receiving team that matches the mail."""

    rule_id: int
    action: Action
    team_id: int | None = None  # of route_to_team
    advisor_id: int | None = None  # of route_to_advisor
    even_if_open: bool = False  # a route that opens a new ticket although the customer has an open one
    also_replies: bool = False  # acts on replies too, before they are threaded
    broken: bool = False  # the team is gone or switched off, the advisor has left
    name: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or str(self.rule_id)


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
    references: tuple[Reference, ...] = ()  # newest id first; in any order of kinds
    open_tickets: tuple[Ticket, ...] = ()  # not closed, of the sender's contact, in any team of the company
    set_up: str = ""  # what kind of set-up mail, or ""
    rule: RuleMatch | None = None
    strict_policy: bool = True  # the sender's domain asks receivers to quarantine or reject what fails
    message_id_reused: bool = False  # the team has another message (other From or Date) with this Message-ID
    possible_loop: bool = False  # the breaker: too much automatic mail from this sender within the hour
    junk: bool = False  # the filter before us, which the operator trusts, says so
    blocked: str = ""  # the address or domain of the sender that the team has blocked, or ""
    released: bool = False  # a person let it out of the held or ignored mail: nothing keeps it back now

    @property
    def fails(self) -> bool:
        """Whether the sender is not who From says. A verified forwarder breaks signatures and is excused."""
        return self.verdict is Verdict.FAIL and not self.verified_forwarder

    @property
    def fails_excused(self) -> bool:
        """Whether only a verified forwarder saves it from failing. It does not make it pass."""
        return self.verdict is Verdict.FAIL and self.verified_forwarder

    @property
    def passes(self) -> bool:
        """Whether the sender is certainly who they say. The check is of From: it tells nothing of another."""
        return self.verdict is Verdict.PASS and not self.sender.recovered

    @property
    def by_machine(self) -> bool:
        """Whether no person wrote it: stored and shown, but it never asks for an answer by itself."""
        return self.automatic or self.out_of_office or self.sender.robot

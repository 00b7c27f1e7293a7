"""The values that the rest of the house sees of a mail. Strings are storable: no NUL, no lone surrogate."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name and an addr-spec (RFC 5322 3.4). `address` is lower-case, its domain an A-label."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class Attachment:
    """A part that is not the body. `filename` is cleaned for display and never used as a path."""

    filename: str
    content_type: str
    content: bytes
    content_id: str = ""  # without angle brackets (RFC 2392)
    content_location: str = ""  # by which the HTML may name it instead (RFC 2557)
    inline: bool = False  # an image that the HTML shows in place, by cid: or Content-Location

    @property
    def size(self) -> int:
        """Size of the decoded content in bytes."""
        return len(self.content)

    @cached_property
    def sha256(self) -> str:
        """Lower-case hexadecimal digest of the decoded content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """What a delivery report says of one recipient (RFC 3464 2.3). Addresses as in Mailbox, or ""."""

    final_recipient: str = ""
    original_recipient: str = ""
    action: str = ""  # failed, delayed, delivered, relayed, expanded, or "" where it is not clear
    status: str = ""  # enhanced status code such as 5.1.1 (RFC 3463)
    diagnostic_code: str = ""  # what the refusing server said, its type ("smtp;") taken off
    remote_mta: str = ""

    @property
    def status_class(self) -> str:
        """Return "2" for success, "4" for passing trouble, "5" for final failure, "" unknown."""
        return self.status[:1]


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A delivery report (RFC 3464) or a form of it from before that standard."""

    recipients: tuple[ReportedRecipient, ...]
    original_message_id: str = ""  # of the mail that it reports on, where the report tells
    reporting_mta: str = ""


@dataclass(frozen=True)
class Message:
    """A mail as read. What could not be read is empty, and `defects` says why."""

    message_id: str = ""  # without angle brackets, as are all ids
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # oldest first (RFC 5322 3.6.4); at most 100
    sender: Mailbox | None = None  # the first mailbox of From
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str = ""  # at most 998 characters
    date: datetime | None = None  # aware
    text: str = ""  # the text/plain body, or the HTML as text where there is none
    html: str = ""  # the text/html body as received: never show it without mail.sanitise
    attachments: tuple[Attachment, ...] = ()
    auto_submitted: str = ""  # the keyword of Auto-Submitted, lower-case (RFC 3834 5)
    automatic: str = ""  # why this is automatic mail, in a word, or "" for a person's mail
    answerable: bool = True  # whether an automatic reply may be sent to it (RFC 3834 2)
    headers: tuple[tuple[str, str], ...] = ()  # decoded, in order, at most 1,000 lines
    defects: tuple[str, ...] = field(default=())
    report: DeliveryReport | None = None  # what it says if it is a delivery report

    def header(self, name: str) -> str:
        """Return the first value of a header field, "" where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def all_headers(self, name: str) -> list[str]:
        """Return the values of a header field, topmost first."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

"""Delivery reports without a machine-readable part: from before RFC 3464, and from some systems still.

Each says in its own words what happened, names the addresses at the beginning of lines, and gives the reason
beside or below each of them; then follows a copy of the mail or its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from emailhub.mail.addresses import normal_address
from emailhub.mail.message import ReportedRecipient
from emailhub.mail.storable import one_line

MAX_TEXT = 64 * 1024
_MOST = 500
_OPENING = 4_000  # characters in which a report says what it is
_REASON = 1_000
# What each system opens with, small letters: Exim and GMX, qmail and Yahoo, Postfix, sendmail, Exchange.
_DELAYED = (
    "has not yet been delivered",
    "this is a warning message only",
    "this is a warning only",
    "delivery to the following recipients has been delayed",
    "delivery has been delayed",
)
_FAILED = (
    "could not be delivered",
    "could not\nbe delivered",
    "this is the qmail-send program",
    "unable to deliver your message",
    "wasn't able to deliver your message",
    "permanent fatal errors",
    "delivery to the following recipient failed permanently",
    "delivery to the following recipients failed",
    "the following address failed",
    "your message did not reach some or all of the intended recipients",
)
_COPY = re.compile(
    r"^(?:-{2,}.{0,40}(?:copy of (?:the|your) message|header of the original|original message)|return-path:"
    r"|received:|message-id:)",
    re.I | re.M,
)
_RECIPIENT = re.compile(
    r"^[ \t]{0,8}[<\"]?([^\s<>\"():,;]{1,128}@[^\s<>\"():,;]{1,255})[>\"]?[ \t]{0,8}(?::|$)(.{0,500})", re.M
)
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")


def read_text(text: str) -> list[ReportedRecipient]:
    """Return what the words of a mail system say of each recipient; none where they report nothing."""
    text = text[:MAX_TEXT].replace("\r\n", "\n")
    opening = text[:_OPENING].lower()
    delayed = any(words in opening for words in _DELAYED)
    if not delayed and not any(words in opening for words in _FAILED):
        return []
    copy = _COPY.search(text)
    return list(_recipients(text[: copy.start()] if copy else text, "4" if delayed else "5"))


def _recipients(text: str, status_class: str) -> Iterator[ReportedRecipient]:
    found = [match for match in _RECIPIENT.finditer(text) if normal_address(match[1])][:_MOST]
    seen: set[str] = set()
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        reason = one_line(text[match.start(2) : end][:_REASON], _REASON)
        address = normal_address(match[1])
        if address not in seen:
            seen.add(address)
            yield _recipient(address, reason, status_class)


def _recipient(address: str, reason: str, status_class: str) -> ReportedRecipient:
    stated = _STATUS.search(reason)
    status = stated[0] if stated and stated[0][0] == status_class else f"{status_class}.0.0"
    action = "delayed" if status_class == "4" else "failed"
    return ReportedRecipient(address, action=action, status=status, diagnostic_code=reason)

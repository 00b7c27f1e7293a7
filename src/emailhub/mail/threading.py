"""Message-IDs: what a mail is called, what it answers, and when two copies are one mail."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC
from typing import NamedTuple

from emailhub.mail.message import Message
from emailhub.mail.storable import storable

MAX_ID = 998  # octets, a line of RFC 5322; a row of an index holds 2,704
MAX_REFERENCES = 100

_BRACKETED = re.compile(r"<([^<>]*)>")
_SPACES = re.compile(r"\s+")
_BLANK_LINE = re.compile(rb"\n\r?\n")


class ReferencedId(NamedTuple):
    """An id that a mail refers to, and whether In-Reply-To names it."""

    id: str
    in_reply_to: bool


def message_ids(value: str) -> list[str]:
    """Return the ids in a Message-ID, In-Reply-To or References field, without angle brackets.

    White space within an id comes from folding and is taken out. Where there are no brackets, the
    words with an "@" in them are taken.
    """
    value = storable(value)
    found = [_SPACES.sub("", id) for id in _BRACKETED.findall(value)]
    if not any(found):
        found = [word.strip("<>,;\"'") for word in value.replace(",", " ").split() if "@" in word]
    return [_cut(id) for id in dict.fromkeys(found) if id]


def message_id(value: str) -> str:
    """Return the one id of a Message-ID field, also one without brackets or "@"; "" if it is empty."""
    ids = message_ids(value)
    return ids[0] if ids else _cut(_SPACES.sub("", storable(value)).strip("<>"))


def _cut(id: str) -> str:
    return id.encode()[:MAX_ID].decode(errors="ignore")


def nearest_references(ids: list[str]) -> list[str]:
    """Keep at most 100 of References: the thread's first mail and the nearest ancestors."""
    return ids if len(ids) <= MAX_REFERENCES else [ids[0], *ids[1 - MAX_REFERENCES :]]


def thread_ids(message: Message) -> list[str]:
    """Return the Message-IDs that this message answers, nearest ancestor first.

    RFC 5322 3.6.4 puts the parent last in References; In-Reply-To may stand alone.
    """
    ids = [*message.in_reply_to, *reversed(message.references)]
    return [id for id in dict.fromkeys(ids) if id != message.message_id]


def reference_ids(message: Message) -> list[ReferencedId]:
    """Return the same ids as thread_ids, each with whether it stands in In-Reply-To."""
    direct = set(message.in_reply_to)
    return [ReferencedId(id, id in direct) for id in thread_ids(message)]


def message_key(message: Message, raw: bytes, sender: str) -> str:
    """Return the digest by which two deliveries of one mail are recognised.

    Equal Message-ID, sender's address and Date (as an instant) make the same mail. Without a
    Message-ID the digest of sender, Date, Subject and body stands in.
    """
    date = message.date.astimezone(UTC).isoformat() if message.date else ""
    name = [message.message_id] if message.message_id else [message.subject, body_digest(raw)]
    named = [str(len(name)), sender, date, *name]
    return hashlib.sha256("\x00".join(named).encode("utf-8", "replace")).hexdigest()


def body_digest(raw: bytes) -> str:
    """Return the digest of all below the header, whatever its line breaks and white space at the end.

    Of the transported bytes and not of what was read, so that a better parser changes no digest.
    """
    gap = _BLANK_LINE.search(raw)
    body = raw[gap.end() :] if gap else b""
    return hashlib.sha256(body.replace(b"\r\n", b"\n").rstrip()).hexdigest()

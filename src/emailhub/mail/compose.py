"""Values to finished bytes: an RFC 5322 message as it goes over the wire, checked before it leaves.

There is no Bcc here: blind copies live in the envelope alone.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from emailhub.mail.filenames import clean_filename
from emailhub.mail.message import Attachment, Mailbox
from emailhub.mail.outgoing_headers import (
    EXTRA_FIELDS,
    FieldFactory,
    address_field,
    body_text,
    text_field,
    token_field,
)
from emailhub.mail.plain_text import plain_text

# Everything beyond ASCII is encoded: relays without 8BITMIME (RFC 6152) exist.
_POLICY = SMTP.clone(cte_type="7bit", header_factory=FieldFactory())
_MAX_REFERENCES = 20
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,900}")  # printable ASCII without space and angle brackets
_CONTENT_ID = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]{1,200}")
_CONTENT_TYPE = re.compile(r"(application|audio|font|image|model|text|video)/([A-Za-z0-9!#$&^_.+-]{1,100})")
_BARE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_BCC = re.compile(rb"^(?:resent-)?bcc[ \t]*:", re.IGNORECASE | re.MULTILINE)
_MAX_LINE = 998  # RFC 5322 2.1.1


class UnusableContentIdError(ValueError):
    """An inline image's Content-ID can't stand in a header; the caller must give it another."""


class UnusableHeaderError(ValueError):
    """An extra header is not one of those that may be added to a message."""


class UnfinishedMessageError(ValueError):
    """Bytes that must not be sent: a Bcc header, a bare CR or LF, a NUL, or a line over 998 octets."""


@dataclass(frozen=True)
class Draft:
    """A message to send. Everything in it may come from a user; nothing in it can add a header."""

    message_id: str  # without angle brackets, as are all ids: see new_message_id()
    sender: Mailbox  # From
    to: tuple[Mailbox, ...]
    date: datetime  # aware
    subject: str = ""
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()  # oldest first; the first and the last are kept if they are many
    html: str = ""  # already through sanitise_outgoing()
    text: str = ""  # "" with HTML: made from it
    inline: tuple[Attachment, ...] = ()  # images that the HTML names by cid:
    attachments: tuple[Attachment, ...] = ()
    calendar_reply: str = ""  # the answer to an invitation (RFC 6047 2.4), beside the text
    headers: tuple[tuple[str, str], ...] = ()  # Auto-Submitted, List-..., and the like


def new_message_id(domain: str) -> str:
    """Return an unused id with 160 random bits, so that knowing it proves that the message was seen."""
    return f"{secrets.token_hex(20)}@{domain}"


def compose(draft: Draft) -> bytes:
    """Return the finished bytes of a message, with CRLF line ends and no line over 998 octets.

    Control characters in names, subject and file names are replaced. Raises UnusableAddressError for an
    address that can't be written without SMTPUTF8, UnusableContentIdError and UnusableHeaderError.
    """
    message = EmailMessage(policy=_POLICY)
    _set_headers(message, draft)
    _set_body(message, draft)
    for attachment in draft.attachments:
        _attach(message, attachment)
    raw = message.as_bytes()
    check_finished(raw)
    return raw


def check_finished(raw: bytes) -> None:
    """Raise UnfinishedMessageError if bytes must not be handed to a transport as they are."""
    header = raw.partition(b"\r\n\r\n")[0]
    if _BCC.search(header):
        raise UnfinishedMessageError("a Bcc header")
    if _BARE_BREAK.search(raw):
        raise UnfinishedMessageError("a bare CR or LF")
    if b"\x00" in raw:
        raise UnfinishedMessageError("a NUL")
    if max(map(len, raw.split(b"\r\n"))) > _MAX_LINE:
        raise UnfinishedMessageError("a line over 998 octets")


def _set_headers(message: EmailMessage, draft: Draft) -> None:
    message["From"] = address_field([draft.sender])
    for field, mailboxes in (("Reply-To", draft.reply_to), ("To", draft.to), ("Cc", draft.cc)):
        if mailboxes:
            message[field] = address_field(mailboxes)
    message["Subject"] = text_field(draft.subject)
    message["Date"] = draft.date
    message["Message-ID"] = _ids([draft.message_id])
    for field, ids in (("In-Reply-To", [draft.in_reply_to]), ("References", _trimmed(draft.references))):
        if value := _ids(ids):
            message[field] = value
    for field, value in draft.headers:
        if field.lower() not in EXTRA_FIELDS:
            raise UnusableHeaderError(field)
        message[field] = token_field(value)


def _trimmed(references: Sequence[str]) -> list[str]:
    """Return the first id and the last ones: RFC 5322 sets no limit, servers do."""
    ids = [id_ for id_ in dict.fromkeys(references) if _MESSAGE_ID.fullmatch(id_)]
    return ids if len(ids) <= _MAX_REFERENCES else [ids[0], *ids[-(_MAX_REFERENCES - 1) :]]


def _ids(ids: Sequence[str]) -> str:
    return " ".join(f"<{id_}>" for id_ in ids if _MESSAGE_ID.fullmatch(id_))


def _set_body(message: EmailMessage, draft: Draft) -> None:
    text = body_text(draft.text) or (plain_text(draft.html) if draft.html else "")
    message.set_content(text + "\n" * (not text.endswith("\n")))
    if draft.calendar_reply:
        message.add_alternative(draft.calendar_reply, subtype="calendar", params={"method": "REPLY"})
    if not draft.html:
        return
    message.add_alternative(html_document(body_text(draft.html)), subtype="html")
    *_, part = message.iter_parts()
    for image in draft.inline:
        if not _CONTENT_ID.fullmatch(image.content_id):
            raise UnusableContentIdError(image.content_id)
        maintype, subtype = _content_type(image)
        name = clean_filename(image.filename)
        part.add_related(
            image.content, maintype, subtype, cid=f"<{image.content_id}>", filename=name, disposition="inline"
        )


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    maintype, subtype = _content_type(attachment)
    name = clean_filename(attachment.filename)
    message.add_attachment(attachment.content, maintype, subtype, filename=name)


def _content_type(attachment: Attachment) -> tuple[str, str]:
    """Return type and subtype. A whole message goes as a file: RFC 2046 forbids to encode message/rfc822."""
    match = _CONTENT_TYPE.fullmatch(attachment.content_type)
    return (match.group(1), match.group(2)) if match else ("application", "octet-stream")


def html_document(html: str) -> str:
    """Return a body as the document that mail clients show alike: a common font, nothing else."""
    return (
        '<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        '<meta name="viewport" content="width=device-width"></head>\n'
        '<body style="font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5;color:#1b1b1b">\n'
        f"{html}\n</body></html>\n"
    )

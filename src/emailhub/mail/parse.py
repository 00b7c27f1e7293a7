"""A mail's bytes to a Message. Whatever the bytes are, something comes back and nothing is raised."""

from __future__ import annotations

from dataclasses import replace

from emailhub.mail.addresses import parse_author, parse_mailboxes
from emailhub.mail.automatic import automatic_reason, is_answerable, keyword
from emailhub.mail.bodies import first_charset, read_body
from emailhub.mail.dates import read_date
from emailhub.mail.headers import HeaderBlock, decode_value, to_text
from emailhub.mail.message import Mailbox, Message
from emailhub.mail.plain_text import plain_text
from emailhub.mail.reports import read_report
from emailhub.mail.storable import one_line
from emailhub.mail.structure import read_structure
from emailhub.mail.subjects import MAX_SUBJECT
from emailhub.mail.threading import message_id, message_ids, nearest_references

MAX_FROM = 2 * 1024  # a longer From serves to hide something
MAX_HEADER_TEXT = 8 * 1024
_MAX_PARENTS = 20


def parse(raw: bytes) -> Message:
    """Read a mail (RFC 5322, RFC 2045). What cannot be read is empty, and `defects` says why."""
    root, defects = read_structure(raw)
    hint = first_charset(root)
    header = _Header(root.headers, hint)
    body = read_body(root, hint, plain_text)
    author = header.author()
    if author is None:
        defects.append("no From that can be read")
    message = Message(
        message_id=message_id(header.line("message-id")),
        in_reply_to=tuple(message_ids(header.line("in-reply-to"))[:_MAX_PARENTS]),
        references=tuple(nearest_references(message_ids(header.line("references")))),
        sender=author,
        reply_to=header.mailboxes("reply-to"),
        to=header.mailboxes("to"),
        cc=header.mailboxes("cc"),
        subject=one_line(root.headers.text("subject", hint), MAX_SUBJECT),
        date=read_date(header.line("date")),
        text=body.text,
        html=body.html,
        attachments=body.attachments,
        auto_submitted=keyword(header.line("auto-submitted")),
        headers=header.decoded(),
        defects=tuple(defects),
        report=read_report(root),
    )
    message = replace(message, automatic=automatic_reason(message))
    return replace(message, answerable=is_answerable(message))


class _Header:
    """The fields of the mail's own header, 8-bit bytes in them read by the charset of its text."""

    def __init__(self, block: HeaderBlock, hint: str) -> None:
        self.block = block
        self.hint = hint

    def line(self, name: str) -> str:
        """Return the first value of a field, encoded words untouched."""
        return to_text(self.block.first(name), self.hint)

    def author(self) -> Mailbox | None:
        values = self.block.all("from")
        if any(len(value) > MAX_FROM for value in values):
            return None
        return parse_author([to_text(value, self.hint) for value in values], self.hint)

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """Return the mailboxes of every field of this name."""
        value = b", ".join(self.block.all(name))
        return tuple(parse_mailboxes(to_text(value, self.hint), self.hint))

    def decoded(self) -> tuple[tuple[str, str], ...]:
        """Return all fields for display, names as written."""
        values = (decode_value(value, self.hint)[:MAX_HEADER_TEXT] for _, value in self.block.fields)
        return tuple(zip(self.block.names, values, strict=True))

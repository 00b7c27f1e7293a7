"""What `emailhub mail parse` says of a mail. docs/commands.md explains each name."""

from __future__ import annotations

from collections.abc import Iterable

from emailhub import mail


def parsed(raw: bytes) -> dict[str, object]:
    """A mail as the program reads it, in values that JSON has."""
    message = mail.unpack(mail.parse(raw))
    return {
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to,
        "references": message.references,
        "from": _mailbox(message.sender) if message.sender else None,
        "reply_to": _mailboxes(message.reply_to),
        "to": _mailboxes(message.to),
        "cc": _mailboxes(message.cc),
        "subject": message.subject,
        "date": message.date.isoformat() if message.date else None,
        "text": message.text,
        "html": message.html,
        "new_text": mail.new_text(message),
        "attachments": [_attachment(attachment) for attachment in message.attachments],
        "automatic": message.automatic,
        "defects": message.defects,
    }


def _mailbox(mailbox: mail.Mailbox) -> list[str]:
    return [mailbox.name, mailbox.address]


def _mailboxes(mailboxes: Iterable[mail.Mailbox]) -> list[list[str]]:
    return [_mailbox(mailbox) for mailbox in mailboxes]


def _attachment(attachment: mail.Attachment) -> dict[str, object]:
    return {
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "content_id": attachment.content_id,
        "inline": attachment.inline,
    }

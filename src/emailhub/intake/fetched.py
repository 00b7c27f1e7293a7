"""Mails that we fetch from somebody else's mailbox: they come without an envelope, and at any size."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from django.utils.translation import gettext, override

from emailhub import mail
from emailhub.accounts.models import Company

from .models import ReceivedMessage

HEADER_LIMIT = 256 * 1024
_END_OF_HEADER = b"\r\n\r\n"
_RETURN_PATH = re.compile(rb"^Return-Path:[ \t]*<([^<>\r\n]{0,320})>", re.IGNORECASE | re.MULTILINE)
_OF_THE_BODY = re.compile(rb"\A(?:Content-[A-Za-z-]+|MIME-Version|Return-Path)[ \t]*:", re.IGNORECASE)
_FIELDS = re.compile(rb"[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*")


def return_path_of(content: bytes) -> str:
    """The reverse-path, as the server that delivered the mail noted it (RFC 5321 4.4); else its author's."""
    header = content[:HEADER_LIMIT].partition(_END_OF_HEADER)[0] + _END_OF_HEADER
    found = _RETURN_PATH.search(header)
    if found:
        return found[1].decode("ascii", "replace").strip()
    sender = mail.parse(header).sender
    return sender.address if sender and mail.is_sendable(sender.address) else ""


def was_fetched(team_id: int, content: bytes, *, channel: str, since: datetime) -> bool:
    """Whether the team got these very bytes by the channel before: in another folder, say."""
    key = hashlib.sha256(content).hexdigest()
    came = ReceivedMessage.objects.filter(team_id=team_id, channel=channel, received_at__gte=since)
    return came.filter(content_key=key).exists()


def stand_in(header: bytes, size: int, company: Company) -> bytes:
    """A mail with the header of one that is too large, and a text that says where the rest is."""
    fields = _FIELDS.findall(header[:HEADER_LIMIT].partition(_END_OF_HEADER)[0] + b"\r\n")
    kept = b"".join(field for field in fields if not _OF_THE_BODY.match(field))
    with override(company.language):
        text = gettext(
            "This email has %(megabytes)d MB, more than is taken in here. It is whole in the mailbox in which"
            " it arrived."
        ) % {"megabytes": max(1, round(size / 1_000_000))}
    body = EmailMessage(policy=SMTP)
    body.set_content(text)
    return kept + body.as_bytes()

"""Write small, correct mails for tests. Awkward ones are files in tests/messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import count

_numbers = count(1)
_START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def letter(
    from_: str,
    to: str = "service.dealer@inbox.example",
    subject: str = "The pump leaks",
    text: str = "Good morning, the pump leaks again.",
    *,
    cc: str = "",
    message_id: str = "",
    in_reply_to: str = "",
    references: str = "",
    html: str = "",
    headers: dict[str, str] | None = None,
    files: tuple[tuple[str, str, bytes], ...] = (),
) -> bytes:
    """A mail as bytes. Every one has another Message-ID and Date unless they are given."""
    number = next(_numbers)
    message = EmailMessage(policy=SMTP)
    message["From"] = from_
    message["To"] = to
    if cc:
        message["Cc"] = cc
    message["Subject"] = subject
    message["Date"] = format_datetime(_START + timedelta(minutes=number))
    message["Message-ID"] = f"<{message_id or f'letter-{number}@customer.example'}>"
    if in_reply_to:
        message["In-Reply-To"] = f"<{in_reply_to}>"
    if references:
        message["References"] = " ".join(f"<{id}>" for id in references.split())
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for filename, content_type, content in files:
        maintype, _, subtype = content_type.partition("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=filename)
    return message.as_bytes()

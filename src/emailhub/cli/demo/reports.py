"""Delivery reports as other mail systems write them (RFC 3464)."""

from __future__ import annotations

import secrets
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from emailhub.mail import Message

_REPORTER = "mx.buzones.example"


def not_delivered(return_path: str, about: Message, diagnostic: str, at: datetime) -> bytes:
    """The report that the first recipient of our mail could not be reached; `diagnostic` has both codes."""
    address = about.to[0].address
    report = EmailMessage(policy=SMTP)
    report["From"] = f"Mail Delivery System <mailer-daemon@{_REPORTER}>"
    report["To"] = return_path
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = format_datetime(at)
    report["Message-ID"] = f"<{secrets.token_hex(12)}@{_REPORTER}>"
    report["Auto-Submitted"] = "auto-replied"
    report["Content-Type"] = "multipart/report; report-type=delivery-status"
    for part in (_words(address, diagnostic), _status(address, diagnostic), _returned(about)):
        report.attach(part)
    return report.as_bytes()


def _words(address: str, diagnostic: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part.set_content(f"I could not deliver your message to {address}:\n\n{diagnostic}\n")
    return part


def _status(address: str, diagnostic: str) -> EmailMessage:
    message, recipient = EmailMessage(policy=SMTP), EmailMessage(policy=SMTP)
    message["Reporting-MTA"] = f"dns; {_REPORTER}"
    recipient["Final-Recipient"] = f"rfc822; {address}"
    recipient["Action"] = "failed"
    recipient["Status"] = diagnostic.split()[1]
    recipient["Diagnostic-Code"] = f"smtp; {diagnostic}"
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([message, recipient])
    return part


def _returned(about: Message) -> EmailMessage:
    headers = f"Message-ID: <{about.message_id}>\r\nSubject: {about.subject}\r\n"
    part = EmailMessage(policy=SMTP)
    part.set_content(headers, subtype="rfc822-headers")
    return part

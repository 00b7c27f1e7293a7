"""Django's e-mail backend: mail about accounts (password reset) goes through the outbox like any other."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage as DjangoMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone

from emailhub import store
from emailhub.accounts.company_mail import CompanyMail
from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company

from .models import OutgoingMessage
from .outbox import channel_of, enqueue

_SEVEN_BIT = SMTP.clone(cte_type="7bit")  # any server takes it
log = logging.getLogger(__name__)


class OutboxBackend(BaseEmailBackend):
    """Puts each mail into the outbox of the company in which its recipient works."""

    def send_messages(self, email_messages: Sequence[DjangoMessage]) -> int:
        """Return how many mails have been put into the outbox. Mail to nobody's address is not sent."""
        return sum(_post(message) for message in email_messages)


def _post(message: DjangoMessage) -> int:
    posted = 0
    for address in message.recipients():
        company_id = message.company_id if isinstance(message, CompanyMail) else company_of_user(address)
        if company_id is None:
            log.warning("mail about an account was not sent: its address belongs to no active advisor")
            _pretend(message, address)
            continue
        _enqueue(company_id, message, address)
        posted = 1
    return posted


def company_of_user(address: str) -> int | None:
    """The first company in which the user with this address is an active advisor, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM company_of_user_email(%s)", [address])
        row: tuple[int] | None = cursor.fetchone()
        return row[0] if row else None


def _pretend(message: DjangoMessage, address: str) -> None:
    """Do what a mail to somebody would have cost, and leave nothing of it.

    Whoever asks for a new password must not learn from the time whether the address is somebody's.
    """
    first = Company.objects.order_by("pk").first()
    if first is None:
        return
    with transaction.atomic():
        outgoing = _enqueue(first.pk, message, address)
        with company(first.pk):
            # Not by Django's delete(): it looks into each table that may name the mail, which costs time.
            outgoing.recipients.all()._raw_delete(outgoing.recipients.db)
            own = OutgoingMessage.objects.filter(pk=outgoing.pk)
            own._raw_delete(own.db)
    store.place().remove(store.name_of(first.pk, outgoing.content_key))


def _enqueue(company_id: int, message: DjangoMessage, address: str) -> OutgoingMessage:
    now = timezone.now()
    message_id = f"{secrets.token_hex(16)}@{settings.MAIL_DOMAIN}"
    channel = channel_of(Company.objects.get(pk=company_id))
    mail = _build(message, address)
    mail["Message-ID"] = f"<{message_id}>"
    mail["Date"] = format_datetime(now)
    with company(company_id):
        return enqueue(
            company_id=company_id,
            channel=channel,
            message_id=message_id,
            content=mail.as_bytes(),
            recipients=[address],
            due_at=now,
            now=now,
        )


def _build(message: DjangoMessage, address: str) -> EmailMessage:
    """The mail as RFC 5322 has it. Raises ValueError for what mail about accounts has no use for."""
    if message.attachments:
        raise ValueError("mail about accounts has no attachments")
    mail = EmailMessage(policy=_SEVEN_BIT)
    mail["From"] = message.from_email
    mail["To"] = address
    mail["Subject"] = " ".join(str(message.subject).split())
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 5
    mail.set_content(str(message.body))
    for content, content_type in getattr(message, "alternatives", []):
        if content_type != "text/html":
            raise ValueError(f"mail about accounts has no {content_type}")
        mail.add_alternative(str(content), subtype="html")
    return mail

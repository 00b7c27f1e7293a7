"""Put a finished mail into the outbox, take it back, and know our own return-paths."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection as database

from emailhub import store
from emailhub.accounts.models import Company

from .models import Connection, OutgoingMessage, OutgoingRecipient

GIVE_UP_AFTER = timedelta(hours=24)
WAKE = "emailhub_outgoing"  # the NOTIFY channel that wakes the workers
_RETURN_PATH = "bounces+"


def channel_of(company: Company) -> str:
    """The channel by which a company's e-mail leaves. A demo's reaches nobody."""
    return "demo" if company.is_demo else "smtp"


def texting_channel_of(company: Company) -> str:
    """The same for its text messages."""
    return "demo_texting" if company.is_demo else "texting"


def enqueue(
    *,
    company_id: int,
    channel: str,
    message_id: str,
    content: bytes,
    recipients: Iterable[str],
    due_at: datetime,
    now: datetime,
    answerable: bool = True,
    connection: Connection | None = None,
) -> OutgoingMessage:
    """Store a finished mail and its envelope, in the caller's transaction.

    `answerable` false gives it the null reverse-path, so that nothing comes back (RFC 3834 3.3).
    """
    message = OutgoingMessage.objects.create(
        company_id=company_id,
        channel=channel,
        connection=connection,
        mail_from=new_return_path() if answerable else "",
        message_id=message_id,
        content_key=store.put(company_id, content),
        size=len(content),
        due_at=due_at,
        give_up_at=max(due_at, now) + GIVE_UP_AFTER,
    )
    OutgoingRecipient.objects.bulk_create(
        OutgoingRecipient(company_id=company_id, message=message, address=address)
        for address in dict.fromkeys(recipients)
    )
    wake()
    return message


def has_sent(company_id: int, message_id: str) -> bool:
    """Whether a mail with this Message-ID, which is one of the product's own, has left for the company."""
    ours = message_id.endswith(f"@{settings.MAIL_DOMAIN}")
    sent = OutgoingMessage.objects.filter(company_id=company_id, message_id=message_id)
    return ours and sent.exists()


def take_back(message: OutgoingMessage) -> bool:
    """Cancel a mail that no worker has claimed yet. False: it is too late."""
    changed = OutgoingMessage.objects.filter(
        pk=message.pk, state=OutgoingMessage.State.QUEUED, attempts=0
    ).update(state=OutgoingMessage.State.CANCELLED)
    return bool(changed)


def wake() -> None:
    """Tell the workers at commit that something is due."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE])


def new_return_path() -> str:
    """A reverse-path of our own, by which a delivery report finds its message (VERP, a mail each)."""
    return f"{_RETURN_PATH}{secrets.token_hex(16)}@{settings.MAIL_DOMAIN}"


def is_return_path(address: str) -> bool:
    local, _, domain = address.partition("@")
    return domain == settings.MAIL_DOMAIN and local.startswith(_RETURN_PATH)


def company_of_return_path(address: str) -> int | None:
    """The company that sent the message with this reverse-path, or None."""
    with database.cursor() as cursor:
        cursor.execute("SELECT company_id FROM company_of_return_path(%s)", [address])
        row = cursor.fetchone()
        return row[0] if row else None

"""Mails that were sent before they came here: shown like sent ones, never sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .models import OutgoingMessage, OutgoingRecipient

CHANNEL = "import"  # nobody sends for it
_LONGEST_ID, _LONGEST_ADDRESS = 255, 254
_NOTE = "imported as history"


def record_past(
    *, company_id: int, message_id: str, content_key: str, size: int, recipients: Iterable[str], at: datetime
) -> OutgoingMessage:
    """A sent mail of the past. Call it inside a transaction of its company."""
    message = OutgoingMessage.objects.create(
        company_id=company_id,
        channel=CHANNEL,
        message_id=message_id[:_LONGEST_ID],
        content_key=content_key,
        size=size,
        state=OutgoingMessage.State.SENT,
        attempts=1,
        due_at=at,
        give_up_at=at,
    )
    OutgoingRecipient.objects.bulk_create(
        OutgoingRecipient(
            company_id=company_id,
            message=message,
            address=address,
            state=OutgoingRecipient.State.SENT,
            diagnostic=_NOTE,
            changed_at=at,
        )
        for address in dict.fromkeys(recipients)
        if len(address) <= _LONGEST_ADDRESS
    )
    return message

"""A sent mail that is found in the mailbox it left by: nobody has to wonder any more whether it was sent."""

from __future__ import annotations

from datetime import datetime

from .attempt import Settle, final_state
from .models import Connection, OutgoingMessage, OutgoingRecipient
from .outbox import GIVE_UP_AFTER

RecipientState = OutgoingRecipient.State


def outgoing_with(message_id: str) -> OutgoingMessage | None:
    """The company's outgoing mail with this Message-ID, or None."""
    if not message_id:
        return None
    return OutgoingMessage.objects.filter(message_id=message_id).first()


def note_found(message: OutgoingMessage, settle: Settle, *, now: datetime) -> None:
    """If it was uncertain, it is sent. Call it in a transaction of its company."""
    locked = OutgoingMessage.objects.select_for_update().get(pk=message.pk)
    if locked.state != OutgoingMessage.State.UNCERTAIN:
        return
    locked.recipients.filter(state=RecipientState.UNCERTAIN).update(
        state=RecipientState.SENT, status="", diagnostic="", changed_at=now
    )
    locked.state, locked.last_error = final_state(locked), ""
    locked.save(update_fields=["state", "last_error"])
    settle(locked, now=now)


def note_sent_elsewhere(
    connection: Connection,
    *,
    message_id: str,
    content_key: str,
    size: int,
    recipients: list[str],
    now: datetime,
) -> OutgoingMessage:
    """The row of a mail that a person sent by the same account with another program."""
    message = OutgoingMessage.objects.create(
        company_id=connection.company_id,
        channel=connection.kind,
        connection=connection,
        message_id=message_id[:255],
        content_key=content_key,
        size=size,
        state=OutgoingMessage.State.SENT,
        due_at=now,
        give_up_at=now + GIVE_UP_AFTER,
        attempts=1,
    )
    OutgoingRecipient.objects.bulk_create(
        OutgoingRecipient(
            company_id=connection.company_id,
            message=message,
            address=address[:254],
            state=RecipientState.SENT,
            changed_at=now,
        )
        for address in dict.fromkeys(recipients)
    )
    return message

"""What the gateway says of a text message that we sent, shown where it was sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.texting import TextState, later

from .live import announce
from .models import ChatMessage
from .settle import settle


def report_state(
    key: UUID, *, gateway_id: str, state: TextState, error_code: str = "", now: datetime
) -> ChatMessage | None:
    """Store how far a message has come; a report that is late changes nothing. None: it is none of ours.

    Call it in a transaction of the company. A message of which we did not know whether it had left is
    known to have left by any report of it.
    """
    chat = (
        ChatMessage.objects.select_for_update(of=("self",))
        .select_related("outgoing", "ticket")
        .filter(key=key, outgoing__isnull=False)
        .first()
    )
    if chat is None:
        return None
    known = TextState(chat.state)
    reached = later(known, state)
    if reached == known and gateway_id in ("", chat.gateway_id):
        return chat
    chat.state, chat.gateway_id = reached, chat.gateway_id or gateway_id[:64]
    if reached != known:
        chat.error_code, chat.changed_at = error_code[:20] if reached == TextState.FAILED else "", now
    chat.save(update_fields=["state", "gateway_id", "error_code", "changed_at"])
    _carry_over(chat, now)
    return chat


def _carry_over(chat: ChatMessage, now: datetime) -> None:
    """The outbox says the same, and a failure is told like that of a mail."""
    outgoing = chat.outgoing
    assert outgoing is not None  # report_state() takes no others
    failed = chat.state == TextState.FAILED
    recipients = OutgoingRecipient.State
    outgoing.recipients.update(
        state=recipients.BOUNCED if failed else recipients.SENT, status=chat.error_code, changed_at=now
    )
    settled = (OutgoingMessage.State.UNCERTAIN, OutgoingMessage.State.FAILED)
    if outgoing.state in settled and not failed:
        outgoing.state = OutgoingMessage.State.SENT
        outgoing.save(update_fields=["state"])
    if failed:
        settle(outgoing, now=now)
    else:
        announce(chat.company_id, chat.ticket.team_id, chat.ticket_id, "activity", chat.activity_id)

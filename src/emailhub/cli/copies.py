"""The copies of a mail by its Message-ID: what was received, what still waits, and what was sent."""

from __future__ import annotations

from collections.abc import Iterator

from emailhub import store
from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company
from emailhub.cli.explained import trace_of
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Message
from emailhub.intake import reading
from emailhub.intake.models import ReceivedMessage


def copies_of(message_id: str) -> Iterator[dict[str, object]]:
    """Every copy in every company, in the order in which they came; those sent by us last."""
    for firm in Company.objects.order_by("pk"):
        with company(firm.pk):
            lines = [_received(row) for row in (*_filed(message_id), *_not_filed(firm.pk, message_id))]
            lines += [_sent(row) for row in OutgoingMessage.objects.filter(message_id=message_id)]
        for line in lines:
            yield {"company": firm.name, "message_id": message_id, **line}


def _filed(message_id: str) -> list[ReceivedMessage]:
    rows = ReceivedMessage.objects.filter(message_id=message_id).order_by("pk")
    return list(rows.select_related("team", "filed_as__ticket"))


def _not_filed(company_id: int, message_id: str) -> Iterator[ReceivedMessage]:
    """What waits or could not be processed has not been read yet: its bytes are looked into."""
    rows = ReceivedMessage.objects.exclude(state=ReceivedMessage.State.DONE).filter(message_id="")
    for row in rows.order_by("pk").select_related("team", "filed_as__ticket"):
        raw = store.get(company_id, row.content_key)
        if message_id.encode() in raw and _message_id(raw) in (message_id, ""):
            yield row


def _message_id(raw: bytes) -> str:
    """The id in the header, or "" where the mail cannot be read."""
    try:
        return reading.read_mail(raw).message.message_id
    except reading.UnreadableError:
        return ""


def _received(row: ReceivedMessage) -> dict[str, object]:
    ticket = row.filed_as.ticket if row.filed_as else None
    line: dict[str, object] = {
        "direction": "in",
        "team": row.team.name if row.team else None,
        "at": row.received_at.isoformat(),
        "from": row.sender_address or row.mail_from,
        "to": row.rcpt_to,
        "fate": row.outcome or row.state,
        "ticket": ticket.number if ticket else None,
        "reason": row.reason,
        "delivery": row.pk,
        "trace": trace_of(row.trace),
    }
    return {**line, "error": row.last_error} if row.last_error else line


def _sent(row: OutgoingMessage) -> dict[str, object]:
    message = Message.objects.select_related("ticket", "team").filter(outgoing=row).first()
    recipients = row.recipients.order_by("pk")
    line: dict[str, object] = {
        "direction": "out",
        "team": message.team.name if message else None,
        "at": row.created_at.isoformat(),
        "from": message.sender_address if message else None,
        "to": [recipient.address for recipient in recipients],
        "fate": row.state,
        "ticket": message.ticket.number if message else None,
        "reason": row.last_error,
        "recipients": [
            {"address": to.address, "state": to.state, "status": to.status, "diagnostic": to.diagnostic}
            for to in recipients
        ],
    }
    return line

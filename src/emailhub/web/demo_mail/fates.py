"""What became of a letter, as soon as a worker has filed it."""

from __future__ import annotations

from dataclasses import dataclass

from emailhub.accounts.models import Advisor
from emailhub.desk.models import Ticket
from emailhub.intake.models import ReceivedMessage

from ..traces import TraceLine, trace_lines


@dataclass(frozen=True)
class FiledLetter:
    received: ReceivedMessage
    trace: list[TraceLine]
    ticket: Ticket | None  # where the advisor may read it


def fates(message_id: str, advisor: Advisor) -> list[FiledLetter]:
    """What it became in each team of this company that received it; nothing until then."""
    rows = ReceivedMessage.objects.filter(message_id=message_id, state=ReceivedMessage.State.DONE)
    return [
        FiledLetter(row, trace_lines(row.trace), _ticket(row, advisor))
        for row in rows.select_related("filed_as__ticket").order_by("id")
    ]


def _ticket(row: ReceivedMessage, advisor: Advisor) -> Ticket | None:
    ticket = row.filed_as.ticket if row.filed_as else None
    return ticket if ticket and ticket.team_id in advisor.readable_team_ids() else None

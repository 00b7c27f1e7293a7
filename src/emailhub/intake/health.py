"""How a team's mail is doing, in four figures: the head of its EmailHub page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from emailhub.accounts.models import Team
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Message
from emailhub.hub.models import HubAddress

from .models import ReceivedMessage

_ON_ITS_WAY = (OutgoingMessage.State.QUEUED, OutgoingMessage.State.SENDING)


@dataclass(frozen=True)
class Health:
    """When mail last came and left, and what waits."""

    last_received_at: datetime | None
    received_by: str  # the address to which it came
    last_sent_at: datetime | None
    queued: int  # on their way out
    held: int


def health_of(team: Team) -> Health:
    """The team's figures as they are now."""
    newest = HubAddress.objects.filter(team=team, last_received_at__isnull=False).order_by(
        "-last_received_at"
    )
    received = newest.first()
    sent = Message.objects.filter(team=team, outgoing__isnull=False)
    return Health(
        last_received_at=received.last_received_at if received else None,
        received_by=received.address if received else "",
        last_sent_at=sent.filter(outgoing__state=OutgoingMessage.State.SENT).aggregate(at=Max("date"))["at"],
        queued=sent.filter(outgoing__state__in=_ON_ITS_WAY).count(),
        held=ReceivedMessage.objects.filter(team=team, outcome=ReceivedMessage.Outcome.HELD).count(),
    )

"""The breaker's memory: how much automatic mail came from a sender, and who is silenced."""

from __future__ import annotations

from datetime import datetime

from emailhub.desk import models as desk
from emailhub.rules.breaker import NO_REPLIES_FOR, WINDOW, Breaker, judge

from .models import ReceivedMessage, SilencedSender


def look_at_breaker(team_id: int, address: str, *, counts: bool, now: datetime) -> Breaker:
    """What the breaker says to one more mail. Only automatic mail costs the look."""
    if not counts or not address:
        return Breaker(silent=False, trips=False, holds=False)
    before = ReceivedMessage.objects.filter(
        team_id=team_id, sender_address=address, is_automatic=True, received_at__gt=now - WINDOW
    )
    return judge(
        counts=True, within_the_hour=before.count(), silent_until=_silent_until(team_id, address), now=now
    )


def is_silenced(team_id: int, address: str, *, now: datetime) -> bool:
    """Whether the sender gets no automatic reply of this team for now."""
    until = _silent_until(team_id, address)
    return until is not None and until > now


def trip(team_id: int, address: str, ticket: desk.Ticket | None, *, company_id: int, now: datetime) -> None:
    """Silence a sender, and say so on the ticket that the mail was put on."""
    until = now + NO_REPLIES_FOR
    SilencedSender.objects.update_or_create(
        company_id=company_id, team_id=team_id, address=address, defaults={"until": until}
    )
    if ticket is not None:
        detail: dict[str, object] = {"address": address, "until": until.isoformat()}
        ticket.record(desk.Activity.Kind.SILENCED, by=None, at=now, detail=detail)


def _silent_until(team_id: int, address: str) -> datetime | None:
    silenced = SilencedSender.objects.filter(team_id=team_id, address=address)
    return silenced.values_list("until", flat=True).first()

"""When a mail may leave later: what is offered, and what somebody chose, in the team's time zone."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.utils import timezone

from emailhub.accounts.models import Team

from .posted import read_agreed
from .snooze_times import Offer, chosen_time, offers

_MOST = 3
_AT = "at:"


def send_offers(zone: str, *, now: datetime) -> list[Offer]:
    """The next times that suit, said and meant in this time zone."""
    with timezone.override(zone):
        return offers(now=now)[:_MOST]


def chosen_send_time(post: QueryDict, team: Team) -> datetime | None:
    """The instant at which the mail is to leave. None: at once. A time that cannot be read is long past."""
    asked = next((word[len(_AT) :] for word in read_agreed(post) if word.startswith(_AT)), "")
    if not asked:
        return None
    value = post.get("send_at_own", "") if asked == "own" else asked
    with timezone.override(team.zone_name):
        return chosen_time({"until": value}) or datetime.min.replace(tzinfo=timezone.get_current_timezone())

"""Where every mail went: the sums of a team by day, and each delivery by sender, subject or Message-ID.

Each delivery has exactly one fate: it waits, is in quarantine, or was decided on. What was accepted is the
sum of them; `DaySums.adds_up` is that sum done, from the same look at the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from emailhub.accounts.models import Team

from .models import ReceivedMessage

State, Outcome = ReceivedMessage.State, ReceivedMessage.Outcome
FATES = (
    Outcome.TICKET,
    Outcome.HELD,
    Outcome.IGNORED,
    Outcome.DUPLICATE,
    Outcome.REPORT,
    Outcome.SET_UP,
    Outcome.LOOP,
    State.WAITING,
    State.QUARANTINED,
)


def has_fate(fate: str) -> Q:
    """The rows with this fate: an outcome, or the state of those on which nothing is decided yet."""
    return Q(state=fate) if fate in (State.WAITING, State.QUARANTINED) else Q(state=State.DONE, outcome=fate)


@dataclass(frozen=True)
class DaySums:
    """One day: what was accepted, and how many deliveries have each fate."""

    day: date
    accepted: int
    by_fate: Mapping[str, int]

    @property
    def adds_up(self) -> bool:
        return self.accepted == sum(self.by_fate.values())


def deliveries_of(team: Team) -> QuerySet[ReceivedMessage]:
    """All that came for the team, and for those whose heir it is, newest first."""
    rows = ReceivedMessage.objects.filter(Q(team=team) | Q(team__heir=team), company_id=team.company_id)
    related = rows.select_related("team", "filed_as__ticket", "filed_chat__ticket", "rule")
    return related.order_by("-received_at", "-id")


def sums_by_day(team: Team, *, since: datetime, zone: ZoneInfo) -> list[DaySums]:
    """The days since then in this zone on which mail came, the newest first."""
    counts = {f"as_{fate}": Count("id", filter=has_fate(fate)) for fate in FATES}
    rows = deliveries_of(team).select_related(None).filter(received_at__gte=since)
    days = rows.annotate(day=TruncDate("received_at", tzinfo=zone)).values("day")
    counted = days.annotate(accepted=Count("id"), **counts).order_by("-day")
    return [_sums({**row}) for row in counted]


def _sums(row: dict[str, Any]) -> DaySums:
    by_fate = {str(fate): row[f"as_{fate}"] for fate in FATES if row[f"as_{fate}"]}
    return DaySums(row["day"], row["accepted"], by_fate)


def find_deliveries(
    team: Team, *, words: str = "", fate: str = "", address: str = ""
) -> QuerySet[ReceivedMessage]:
    """The team's deliveries whose sender, subject or Message-ID holds the words, newest first.

    `address` is one of the team's own: what came to it, whatever its plus-tag.
    """
    rows = deliveries_of(team)
    if fate:
        rows = rows.filter(has_fate(fate))
    if address:
        local, _, domain = address.partition("@")
        tagged = Q(rcpt_to__0__startswith=f"{local}+", rcpt_to__0__endswith=f"@{domain}")
        rows = rows.filter(Q(rcpt_to__contains=[address]) | tagged)
    for word in words.split()[:8]:
        plain = word.strip("<>")
        rows = rows.filter(
            Q(sender_address__icontains=plain)
            | Q(sender_name__icontains=plain)
            | Q(subject__icontains=plain)
            | Q(message_id__icontains=plain)
        )
    return rows


def older_than(rows: QuerySet[ReceivedMessage], received_id: int) -> QuerySet[ReceivedMessage]:
    """Those that come after this one in the list; all where it is not there."""
    last = ReceivedMessage.objects.filter(pk=received_id).first()
    if last is None:
        return rows
    earlier = Q(received_at__lt=last.received_at)
    return rows.filter(earlier | Q(received_at=last.received_at, pk__lt=last.pk))


def delivery_of(team: Team, received_id: int) -> ReceivedMessage | None:
    """One of them."""
    return deliveries_of(team).filter(pk=received_id).first()

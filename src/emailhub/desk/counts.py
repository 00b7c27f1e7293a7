"""The numbers beside the views."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from emailhub.accounts.models import Advisor

from .models import Ticket


@dataclass(frozen=True)
class Counts:
    """How many tickets each view holds. Closed ones are not counted: nobody needs the number."""

    mine: int
    unassigned: int
    open: int
    waiting: int
    snoozed: int
    teams: dict[int, int]  # neither closed nor snoozed, by team id


def view_counts(advisor: Advisor) -> Counts:
    """All counts in one query, which an index answers without a look at the rows."""
    awake = ~Q(status=Ticket.Status.SNOOZED)
    rows = (
        Ticket.objects.visible_to(advisor)
        .not_closed()
        .values("team_id")
        .annotate(
            all=Count("team_id", filter=awake),
            mine=Count("team_id", filter=awake & Q(assignee_id=advisor.id)),
            unassigned=Count("team_id", filter=awake & Q(assignee__isnull=True)),
            asleep=Count("team_id", filter=~awake),
            to_do=Count("team_id", filter=Q(status=Ticket.Status.OPEN)),
        )
    )
    found = list(rows)
    return Counts(
        mine=sum(row["mine"] for row in found),
        unassigned=sum(row["unassigned"] for row in found),
        open=sum(row["to_do"] for row in found),
        waiting=sum(row["all"] - row["to_do"] for row in found),
        snoozed=sum(row["asleep"] for row in found),
        teams={row["team_id"]: row["all"] for row in found},
    )

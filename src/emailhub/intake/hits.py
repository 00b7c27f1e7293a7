"""How often each inbound rule has decided on a mail: counted from the deliveries themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from emailhub.accounts.models import Team
from emailhub.hub.inbound_rule import InboundRule

from .models import ReceivedMessage


@dataclass(frozen=True)
class Hits:
    count: int = 0
    last_at: datetime | None = None


def hits_of(team: Team) -> dict[int, Hits]:
    """By rule of the team how often it decided, and when last. A rule without any is not there."""
    own = InboundRule.objects.filter(team=team).values_list("pk", flat=True)
    rows = ReceivedMessage.objects.filter(company_id=team.company_id, rule_id__in=list(own))
    counted = rows.values("rule_id").annotate(count=Count("pk"), last_at=Max("received_at"))
    return {row["rule_id"]: Hits(row["count"], row["last_at"]) for row in counted}

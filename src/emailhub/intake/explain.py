"""What would become of a mail if it came now. Nothing is written: the database refuses it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from emailhub import rules
from emailhub.accounts.tenancy import company
from emailhub.hub.addresses import Route

from .gather import gather
from .models import ReceivedMessage
from .process import examine, find_team


@dataclass(frozen=True)
class Explained:
    """A decision that is not carried out, and the steps by which it was come to."""

    decision: rules.Decision
    steps: tuple[rules.Step, ...]


def explain(raw: bytes, route: Route, *, mail_from: str, now: datetime) -> Explained:
    """Decide on a mail to one recipient as process_one() would. Raises UnreadableError.

    The operator's mail (no company) is decided by nobody: don't ask.
    """
    assert route.company_id is not None
    row = ReceivedMessage(
        company_id=route.company_id,
        team_id=route.team_id,
        channel="smtp",
        mail_from=mail_from[:320],
        rcpt_to=[route.address],
        size=len(raw),
        received_at=now,
        due_at=now,
    )
    reading, _ = examine(row, route.company_id, raw)
    with company(route.company_id):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        if not find_team(reading):
            return Explained(rules.DeliveryReport(), ())
        facts = gather(replace(reading, team_id=row.team_id or 0), now=now)
        return Explained(*rules.decide(facts))

"""What is kept of a decision beside its trace: for the list of held mail, for hits, breaker and dry runs."""

from __future__ import annotations

from datetime import datetime

from emailhub import mail
from emailhub.hub.broken_rules import flag_broken
from emailhub.rules import stored
from emailhub.rules.codes import Code

from .breaker import trip
from .deciding import Decided
from .models import Consideration, ReceivedMessage

_ACTED = frozenset({Code.RULE_MATCHED, Code.RULE_TAKES_REPLY, Code.IGNORED})
_KEPT_BACK = frozenset({ReceivedMessage.Outcome.HELD, ReceivedMessage.Outcome.IGNORED})


def remember(decided: Decided, row: ReceivedMessage, new_text: str, *, now: datetime) -> None:
    """Note on the row, which the caller saves, and beside it what was known. Flags a broken rule."""
    facts, codes = decided.considered.facts, {step.code for step in decided.steps}
    row.preview = mail.preview(new_text)[:200] if row.outcome in _KEPT_BACK else ""
    row.is_automatic = decided.considered.counts
    if facts.rule is not None and codes & _ACTED:
        row.rule_id = facts.rule.rule_id
        if facts.rule.broken:
            flag_broken(facts.rule.rule_id, now=now)
    if decided.considered.breaker.trips and row.team_id and row.company_id:
        ticket = row.filed_as.ticket if row.filed_as else None
        trip(row.team_id, facts.sender.address, ticket, company_id=row.company_id, now=now)
    _keep(decided, row, now)


def _keep(decided: Decided, row: ReceivedMessage, now: datetime) -> None:
    if row.company_id is None:
        return
    kept = Consideration(
        company_id=row.company_id,
        received=row,
        facts=stored.dump_facts(decided.considered.facts),
        letter=stored.dump_letter(decided.considered.letter),
        at=now,
    )
    Consideration.objects.bulk_create(  # in one statement; who releases a mail decides on it again
        [kept],
        update_conflicts=True,
        unique_fields=["company", "received"],
        update_fields=["facts", "letter", "at"],
    )

"""What a rule would have done to the team's mail of the last 30 days, had it been there.

Each mail is decided on twice by what was known when it came: by the team's rules of today without this one,
and with it. It tells of each mail by itself: what one mail would have changed for the next is not played.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import Subquery
from django.utils import timezone

from emailhub import rules
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require
from emailhub.hub.broken_rules import is_broken
from emailhub.hub.inbound_rule import InboundRule
from emailhub.hub.models import Identity
from emailhub.hub.policy import policy_of
from emailhub.hub.rules import RuleForm, as_rule, checked
from emailhub.rules import matching

from .models import Consideration, ReceivedMessage
from .replaying import Known, known_of

PERIOD = timedelta(days=30)
MOST_MAILS = 20_000  # the newest
MOST_SHOWN = 200
_NEW = -1  # the id of a rule that has none yet; no row has it


@dataclass(frozen=True)
class Change:
    """A mail that the rule would have treated in another way."""

    row: ReceivedMessage
    before: rules.Decision
    after: rules.Decision


@dataclass
class DryRun:
    """What came out. `changes` are the newest 200; the numbers are complete."""

    mails: int = 0  # that were looked at
    matched: int = 0  # of which the rule is the first that matches
    changed: int = 0
    changes: list[Change] = field(default_factory=list)
    by_day: Counter[date] = field(default_factory=Counter)  # changed ones, by the reader's days


def dry_run(
    team: Team, form: RuleForm, *, replaces: InboundRule | None = None, by: Advisor, now: datetime
) -> DryRun:
    """Try a new rule, on top of the others, or an edited one at its place. Nothing is written.

    Raises NotPermittedError, RuleError.
    """
    require(may_manage(by, team))
    tried = as_rule(checked(team, form), replaces.pk if replaces else _NEW)
    today = policy_of(Identity.objects.filter(team=team).first()).rules
    changed = _with(today, tried, replaces) if form.enabled else [r for r in today if r.id != tried.id]
    run, court = DryRun(), _Court(team.pk)
    fields = {condition.field for rule in (*today, *changed) for condition in rule.conditions}
    for kept in _remembered(team, now):
        known = known_of(kept, kept.received, fields)
        pair = tuple(matching.first_match(rules_, known.letter) for rules_ in (today, changed))
        _count(run, court, kept.received, known, pair, tried)
    return run


def _with(
    today: Sequence[matching.Rule], tried: matching.Rule, replaces: InboundRule | None
) -> list[matching.Rule]:
    """The rules in their order with the new or edited one among them. One that was off goes to its place."""
    others = [rule for rule in today if rule.id != tried.id]
    if replaces is None:
        return [tried, *others]
    position = InboundRule.objects.filter(pk=replaces.pk).values("position")  # others may have moved it
    upper = InboundRule.objects.filter(team_id=replaces.team_id, position__lt=Subquery(position))
    above = set(upper.values_list("pk", flat=True))
    place = sum(rule.id in above for rule in others)
    return [*others[:place], tried, *others[place:]]


def _remembered(team: Team, now: datetime) -> Iterator[Consideration]:
    newest = Consideration.objects.filter(received__team=team, received__received_at__gt=now - PERIOD)
    rows = newest.select_related("received__filed_as").defer("received__trace", "received__filed_as__html")
    return rows.order_by("-received_id")[:MOST_MAILS].iterator(chunk_size=500)


class _Court:
    """Decides by a rule; whether a rule is broken is asked once."""

    def __init__(self, team_id: int) -> None:
        self._team_id = team_id
        self._broken: dict[matching.Rule, bool] = {}

    def decide(self, known: Known, rule: matching.Rule | None) -> rules.Decision:
        match = rule.as_match(broken=self._is_broken(rule)) if rule else None
        return rules.decide(replace(known.facts, rule=match, released=False))[0]

    def _is_broken(self, rule: matching.Rule) -> bool:
        if rule not in self._broken:
            self._broken[rule] = is_broken(rule, self._team_id)
        return self._broken[rule]


def _count(
    run: DryRun,
    court: _Court,
    row: ReceivedMessage,
    known: Known,
    pair: tuple[matching.Rule | None, ...],
    tried: matching.Rule,
) -> None:
    before, after = pair
    run.mails += 1
    run.matched += after is not None and after.id == tried.id
    if before == after:
        return
    decisions = court.decide(known, before), court.decide(known, after)
    if decisions[0] == decisions[1]:
        return
    run.changed += 1
    run.by_day[timezone.localdate(row.received_at)] += 1
    if len(run.changes) < MOST_SHOWN:
        run.changes.append(Change(row, *decisions))

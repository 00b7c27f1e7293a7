"""What a worker keeps in mind of a team: its rules, whom it blocked, what it answers by itself.

It is read once and kept for as long as the team's identity names the same version; every change of one of
the three gives the identity another one, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from uuid import UUID, uuid4

from emailhub.accounts.models import Team
from emailhub.rules import Action, ReplyKind, matching

from .automatic_reply import AutomaticReply
from .blocked_sender import BlockedSender
from .inbound_rule import InboundRule
from .models import Identity


@dataclass(frozen=True)
class Policy:
    """Of a team without EmailHub all is empty."""

    rules: tuple[matching.Rule, ...] = ()  # that are switched on, the uppermost first; not whether broken
    blocked: frozenset[str] = frozenset()  # addresses and domains
    texts: Mapping[ReplyKind, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)  # of those on

    @cached_property
    def fields(self) -> frozenset[matching.Field]:
        """What the rules look at."""
        return frozenset(condition.field for rule in self.rules for condition in rule.conditions)

    def blocks(self, address: str) -> str:
        """The address or the domain by which the team has blocked a sender, or an empty string."""
        labels = address.rpartition("@")[2].split(".")
        domains = (".".join(labels[place:]) for place in range(len(labels)))
        return next((value for value in (address, *domains) if value in self.blocked), "")


def policy_of(identity: Identity | None) -> Policy:
    """The team's policy as it is now."""
    return _read(identity.team_id, identity.rules_version) if identity else Policy()


def changed(team: Team) -> None:
    """Let every worker read the team's policy anew, from this transaction's commit on."""
    Identity.objects.filter(team=team).update(rules_version=uuid4())


@lru_cache(maxsize=1024)
def _read(team_id: int, version: UUID) -> Policy:
    rules = InboundRule.objects.filter(team_id=team_id, enabled=True).order_by("position")
    blocked = BlockedSender.objects.filter(team_id=team_id).values_list("value", flat=True)
    replies = AutomaticReply.objects.filter(team_id=team_id, enabled=True)
    return Policy(
        rules=tuple(as_value(rule) for rule in rules),
        blocked=frozenset(blocked),
        texts={ReplyKind(reply.kind): reply.texts for reply in replies},
    )


def as_value(rule: InboundRule) -> matching.Rule:
    """A row as the pure rule that it describes."""
    return matching.Rule(
        id=rule.pk,
        name=rule.name,
        conditions=rule.read_conditions(),
        action=Action(rule.action),
        match_all=rule.match_all,
        team_id=rule.to_team_id,
        advisor_id=rule.to_advisor_id,
        even_if_open=rule.even_if_open,
        also_replies=rule.also_replies,
    )

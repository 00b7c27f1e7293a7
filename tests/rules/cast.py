"""The cast: Carla is the customer, Jon was in CC, Mallory is a stranger, Ana and Ben are advisors."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from emailhub.rules.codes import Code
from emailhub.rules.decide import decide
from emailhub.rules.decision import Decision
from emailhub.rules.facts import (
    Action,
    Contact,
    Facts,
    Reference,
    ReferenceKind,
    RuleMatch,
    Sender,
    Status,
    Ticket,
    Verdict,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SERVICE, SALES = 1, 2  # teams
ANA, BEN = 11, 12  # advisors

CARLA = Contact(id=21, name="Carla", confirmed=True)
CARLA_UNCONFIRMED = replace(CARLA, confirmed=False)

FROM_CARLA = Sender("carla@farm.example", "Carla", contact=CARLA)
FROM_JON = Sender("jon@farm.example", "Jon")
FROM_MALLORY = Sender("mallory@elsewhere.example", "Mallory")
FROM_ANA = Sender("ana@dealer.example", "Ana", advisor_id=ANA)
FROM_NOBODY = Sender("", "")
FROM_OURSELVES = Sender("service.dealer@hub.example", "Service", own_address=True, own_team=True)
FROM_SALES = Sender("sales.dealer@hub.example", "Sales", own_address=True)
FROM_ROBOT = Sender(
    "no-reply@parts.example", "Parts", contact=Contact(22, "Parts", confirmed=True), robot=True
)


def ticket(id: int = 100, **changes: Any) -> Ticket:
    """Carla's open ticket with Service, unless told otherwise."""
    ordinary = Ticket(
        id=id,
        number=id + 1000,
        team_id=SERVICE,
        status=Status.OPEN,
        customer_id=CARLA.id,
        assignee_id=BEN,
        subject="pump leaks",
        last_activity_at=NOW - timedelta(hours=1),
        received_by_team_id=SERVICE,
    )
    return replace(ordinary, **changes)


def closed(id: int = 100, days: float = 1, **changes: Any) -> Ticket:
    """The same, closed that many days ago."""
    return ticket(id, **({"status": Status.CLOSED, "closed_at": NOW - timedelta(days=days)} | changes))


def mail(**changes: Any) -> Facts:
    """A fresh mail from Carla to Service that nobody verified, in a team that is open to strangers."""
    ordinary = Facts(
        now=NOW,
        team_id=SERVICE,
        hub_enabled=True,
        known_contacts_only=False,
        sender=FROM_CARLA,
        verdict=Verdict.NONE,
        verified_forwarder=False,
        subject="another thing",
        automatic=False,
        out_of_office=False,
        is_report=False,
        our_message_returned_to_sender=False,
        duplicate_of=None,
    )
    return replace(ordinary, **changes)


def answer(
    to: Ticket | None = None, kind: ReferenceKind = ReferenceKind.OUR_MESSAGE, /, **changes: Any
) -> Facts:
    """A mail that refers to a ticket, by default to one of our messages on Carla's."""
    return mail(**({"references": (Reference(kind, to or ticket()),)} | changes))


def rule(action: Action, **changes: Any) -> RuleMatch:
    return replace(RuleMatch(rule_id=7, action=action), **changes)


def outcome(facts: Facts) -> Decision:
    return decide(facts)[0]


def codes(facts: Facts) -> list[Code]:
    return [Code(step.code) for step in decide(facts)[1]]

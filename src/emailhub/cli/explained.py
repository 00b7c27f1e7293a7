"""A decision that is not carried out, in values that JSON has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict

from django.utils import timezone

from emailhub import rules
from emailhub.accounts.models import Company, Team
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Message, Ticket
from emailhub.hub.addresses import Route
from emailhub.intake.explain import explain
from emailhub.intake.verdict import Verifier
from emailhub.web.traces import trace_lines

_OUTCOMES = {
    rules.Append: "ticket",
    rules.NewTicket: "ticket",
    rules.Hold: "held",
    rules.Ignore: "ignored",
    rules.Duplicate: "duplicate",
    rules.DeliveryReport: "report",
    rules.SetUpMail: "set_up",
    rules.Loop: "loop",
}


def explained(raw: bytes, route: Route, mail_from: str, verify: Verifier) -> dict[str, object]:
    """What would become of a mail to this recipient, and why. Raises UnreadableError."""
    line: dict[str, object] = {"to": route.address}
    if route.company_id is None:
        return {**line, "decision": "operator", "outcome": "operator", "trace": []}
    found = explain(raw, route, mail_from=mail_from, now=timezone.now(), verify=verify)
    with company(route.company_id):
        team = Team.objects.filter(pk=route.team_id or 0).first()
        return {
            **line,
            "company": Company.objects.get(pk=route.company_id).name,
            "team": team.name if team else None,
            "decision": _name(found.decision),
            "outcome": _OUTCOMES[type(found.decision)],
            "ticket": _ticket(found.decision),
            "details": _details(found.decision),
            "trace": trace_of([step.code, dict(step.detail)] for step in found.steps),
        }


def trace_of(trace: Iterable[object]) -> list[dict[str, object]]:
    """A trace, [[code, {detail}], ...], with its sentences."""
    lines = []
    for step in trace:
        match step:
            case [code, dict(detail)]:
                sentence = next((line.sentence for line in trace_lines([step])), "")
                lines.append({"code": str(code), **detail, "sentence": sentence})
    return lines


def _name(decision: rules.Decision) -> str:
    """NewTicket is new_ticket."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(decision).__name__).lower()


def _ticket(decision: rules.Decision) -> int | None:
    """The number of the ticket that it would be on; None: of a new one, or of none."""
    if isinstance(decision, rules.Append):
        return Ticket.objects.get(pk=decision.ticket_id).number
    if isinstance(decision, rules.Duplicate):
        return Message.objects.select_related("ticket").get(pk=decision.of).ticket.number
    return None


def _details(decision: rules.Decision) -> dict[str, object]:
    """What else was decided: names as in emailhub.rules.decision, ids as in the database."""
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(decision).items()
    }

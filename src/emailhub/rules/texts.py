"""Where a text message goes: on its customer's open ticket, by the contact alone. Inbound rules see none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from emailhub.rules.codes import Code
from emailhub.rules.decision import Step
from emailhub.rules.facts import Status
from emailhub.rules.trace import Trace


@dataclass(frozen=True, slots=True)
class TextTicket:
    """A ticket of the customer who wrote."""

    id: int
    number: int
    team_id: int
    received_by_team_id: int | None
    status: Status
    last_activity_at: datetime
    last_chat: int  # grows with the latest chat by the same two numbers; 0: there was none on it


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What is known when a text message is filed."""

    team_id: int  # that gets what belongs to no ticket
    for_all_teams: bool  # the number is the whole company's
    tickets: tuple[TextTicket, ...]  # of the customer, whatever their state
    stops: bool = False  # it is nothing but a word that asks for no more messages
    starts: bool = False  # ... or for messages again, from a number that wanted none


@dataclass(frozen=True, slots=True)
class TextDecision:
    """`ticket_id` None: a new ticket, which is closed at once if there is nothing to answer."""

    ticket_id: int | None
    needs_reply: bool
    steps: tuple[Step, ...]


def decide_text(facts: TextFacts) -> TextDecision:
    """Choose the ticket: where the two numbers talked last, else the one that was active last."""
    trace = Trace()
    if facts.stops or facts.starts:
        trace.add(Code.WANTS_NO_TEXTS if facts.stops else Code.WANTS_TEXTS)
    ticket = _open_one(facts, trace)
    if ticket is None and facts.stops:  # goodbye is said where there was talk, and opens nothing
        ticket = max(facts.tickets, key=_freshness, default=None)
    if ticket is None:
        trace.add(Code.NEW_TICKET)
    else:
        if ticket.status is Status.CLOSED:
            trace.add(Code.STAYS_CLOSED, ticket=ticket.number)
        trace.add(Code.APPENDED, ticket=ticket.number)
    ticket_id = ticket.id if ticket else None
    return TextDecision(ticket_id, needs_reply=not facts.stops, steps=trace.steps)


def _open_one(facts: TextFacts, trace: Trace) -> TextTicket | None:
    candidates = [ticket for ticket in facts.tickets if _is_candidate(ticket, facts)]
    if not candidates:
        trace.add(Code.NO_OPEN_TICKET)
        return None
    chosen = max(candidates, key=_freshness)
    _explain(chosen, candidates, trace)
    return chosen


def _explain(chosen: TextTicket, candidates: Sequence[TextTicket], trace: Trace) -> None:
    if len(candidates) == 1:
        trace.add(Code.ONLY_OPEN_TICKET, ticket=chosen.number)
        return
    code = Code.OPEN_TICKET_OF_CHAT if chosen.last_chat else Code.OPEN_TICKET_LATEST
    trace.add(code, count=len(candidates), ticket=chosen.number)


def _is_candidate(ticket: TextTicket, facts: TextFacts) -> bool:
    """As with mail: the team's own, and what came in by the team and is elsewhere now."""
    ours = facts.for_all_teams or facts.team_id in (ticket.team_id, ticket.received_by_team_id)
    return ours and ticket.status is not Status.CLOSED


def _freshness(ticket: TextTicket) -> tuple[int, datetime, int]:
    return ticket.last_chat, ticket.last_activity_at, ticket.id

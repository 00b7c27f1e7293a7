"""A mail that answers no ticket, or one closed too long ago: by rule, by contact, or as a new ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from emailhub.rules.codes import Code
from emailhub.rules.decision import Decision, Flag, Ignore, NewTicket
from emailhub.rules.facts import Action, Facts, RuleMatch, Status, Ticket
from emailhub.rules.gate import gate
from emailhub.rules.joining import append_by_contact, mail_flags, reply_flags
from emailhub.rules.replies import Answered, Reply
from emailhub.rules.trace import Trace


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a rule, or no rule, sends the mail."""

    team_id: int
    assignee_id: int | None = None
    redirected: bool = False  # to another team: tickets of the receiving team don't take it
    always_new: bool = False


def file_fresh(facts: Facts, answered: Answered, trace: Trace) -> Decision:
    """Decide by the team's rule, then by the sender's open tickets, then by who may open one."""
    reply = answered.reply
    ignored = _ignore(facts, reply, trace)
    if ignored is not None:
        return ignored
    place = _destination(facts, reply, trace)
    ticket = _open_ticket(facts, place, trace)
    if ticket is not None and _takes_it(ticket, place, facts, trace):
        assignee_id = place.assignee_id if ticket.team_id == place.team_id else None
        return append_by_contact(ticket, reply, assignee_id, facts, trace)
    held = gate(facts, reply, trace)
    if held is not None:
        return held
    return _new_ticket(facts, answered, place, ticket, trace)


def _ignore(facts: Facts, reply: Reply | None, trace: Trace) -> Ignore | None:
    rule = facts.rule
    if rule is None or rule.action is not Action.IGNORE or facts.released:
        return None
    if reply is not None:  # losing a customer's answer is worse than an unwanted mail
        trace.add(Code.IGNORE_SPARES_REPLY, rule=rule.label)
        return None
    trace.add(Code.IGNORED, rule=rule.label)
    return Ignore(rule.rule_id)


def _destination(facts: Facts, reply: Reply | None, trace: Trace) -> Destination:
    """Return where the mail goes; a late answer without a rule goes to the team of its ticket."""
    rule = facts.rule
    if rule is None or rule.action is Action.IGNORE:
        return Destination(reply.ticket.team_id if reply is not None else facts.team_id)
    trace.add(Code.RULE_MATCHED, rule=rule.label, action=rule.action)
    if rule.action is Action.CREATE_NEW:
        return Destination(facts.team_id, always_new=True)
    return _routed(rule, facts, trace)


def _routed(rule: RuleMatch, facts: Facts, trace: Trace) -> Destination:
    target = rule.team_id if rule.action is Action.ROUTE_TO_TEAM else rule.advisor_id
    if rule.broken or target is None:
        trace.add(Code.RULE_BROKEN, rule=rule.label)
        return Destination(facts.team_id, always_new=rule.even_if_open)
    if rule.action is Action.ROUTE_TO_ADVISOR:
        return Destination(facts.team_id, assignee_id=target, always_new=rule.even_if_open)
    return Destination(target, redirected=target != facts.team_id, always_new=rule.even_if_open)


def _open_ticket(facts: Facts, place: Destination, trace: Trace) -> Ticket | None:
    """Return the open ticket of this customer that is nearest to the mail."""
    candidates = _candidates(facts, place)
    same_subject = [ticket for ticket in candidates if _same_subject(ticket, facts)]
    chosen = _latest(same_subject or candidates)
    if chosen is None:
        trace.add(Code.NO_OPEN_TICKET)
    elif len(candidates) == 1:
        trace.add(Code.ONLY_OPEN_TICKET, ticket=chosen.number)
    else:
        code = Code.OPEN_TICKET_SAME_SUBJECT if same_subject else Code.OPEN_TICKET_LATEST
        trace.add(code, ticket=chosen.number, count=len(candidates))
    return chosen


def _candidates(facts: Facts, place: Destination) -> list[Ticket]:
    """Return the customer's open tickets in the team, and those that came in by it and moved on since."""
    return [
        ticket
        for ticket in _tickets_of_customer(facts)
        if ticket.team_id == place.team_id
        or (not place.redirected and facts.team_id in (ticket.team_id, ticket.received_by_team_id))
    ]


def _tickets_of_customer(facts: Facts) -> list[Ticket]:
    """Return the open tickets whose customer wrote the mail: being in CC is not enough.

    A forged mail may have opened a ticket in the customer's name: it takes nothing by contact.
    """
    contact = facts.sender.contact
    if contact is None or not facts.sender.readable:
        return []
    return [
        ticket
        for ticket in facts.open_tickets
        if ticket.customer_id == contact.id
        and ticket.status is not Status.CLOSED
        and not ticket.sent_this_mail
        and not ticket.opened_unverified
    ]


def _same_subject(ticket: Ticket, facts: Facts) -> bool:
    """Compare normalised subjects; two empty ones have nothing in common."""
    return bool(facts.subject) and ticket.subject == facts.subject


def _latest(tickets: Iterable[Ticket]) -> Ticket | None:
    return max(tickets, key=lambda ticket: (ticket.last_activity_at, ticket.id), default=None)


def _takes_it(ticket: Ticket, place: Destination, facts: Facts, trace: Trace) -> bool:
    """Return whether the customer's open ticket takes the mail. By default it does."""
    if place.always_new:
        trace.add(Code.RULE_WANTS_NEW)
        return False
    if _has_shared_sender(facts):
        trace.add(Code.SHARED_SENDER)
        return False
    if facts.by_machine and not _same_subject(ticket, facts):
        trace.add(Code.MACHINE_OTHER_SUBJECT)
        return False
    return not facts.fails


def _has_shared_sender(facts: Facts) -> bool:
    return facts.sender.contact is not None and facts.sender.contact.shared_sender


def _new_ticket(
    facts: Facts, answered: Answered, place: Destination, ticket: Ticket | None, trace: Trace
) -> NewTicket:
    """Make a ticket. `ticket` is the open one that did not take the mail."""
    reply = answered.reply
    follow_up_of = _closed(reply)
    looks_like = _looks_like(facts, trace)
    if follow_up_of is None:
        trace.add(Code.NEW_TICKET)
    else:
        trace.add(Code.FOLLOW_UP_TICKET, ticket=follow_up_of.number)
    return NewTicket(
        place.team_id,
        contact_id=facts.sender.contact.id if facts.sender.contact and facts.sender.readable else None,
        assignee_id=place.assignee_id,
        follow_up_of=None if follow_up_of is None else follow_up_of.id,
        related_to=_related(facts, reply, ticket),
        could_join=_could_join(facts, answered, ticket),
        join_people=not facts.fails,
        needs_reply=not facts.by_machine,
        flags=mail_flags(facts) | reply_flags(reply, facts) | looks_like,
    )


def _closed(reply: Reply | None) -> Ticket | None:
    return reply.ticket if reply is not None and reply.ticket.status is Status.CLOSED else None


def _looks_like(facts: Facts, trace: Trace) -> frozenset[Flag]:
    contact = facts.sender.contact
    if contact is None or not facts.fails:
        return frozenset()
    trace.add(Code.LOOKS_LIKE_CONTACT, name=contact.name)
    return frozenset({Flag.LOOKS_LIKE})


def _related(facts: Facts, reply: Reply | None, ticket: Ticket | None) -> int | None:
    """Return the open ticket that the advisor should know of: the one answered, or the customer's own."""
    if reply is not None and reply.ticket.status is not Status.CLOSED:
        return reply.ticket.id
    if facts.fails or _has_shared_sender(facts):
        return None
    other = ticket or _latest(_tickets_of_customer(facts))
    return None if other is None else other.id


def _could_join(facts: Facts, answered: Answered, ticket: Ticket | None) -> int | None:
    """Return the ticket to offer: the one that it names without proof, else the one of whom it looks like."""
    offered = answered.named or (ticket if facts.fails else None)
    return None if offered is None else offered.id

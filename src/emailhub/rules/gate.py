"""Who may open a ticket with a team that accepts mail only from known contacts."""

from __future__ import annotations

from emailhub.rules.codes import Code
from emailhub.rules.decision import Hold, HoldReason
from emailhub.rules.facts import Facts
from emailhub.rules.replies import Reply
from emailhub.rules.trace import Trace


def gate(facts: Facts, reply: Reply | None, trace: Trace) -> Hold | None:
    """Return the hold of a mail that may not open a ticket, or None where it may.

    It stands before new tickets only: what joins a ticket never comes here, and no rule opens it.
    """
    if not facts.known_contacts_only:
        return None
    if facts.released:
        trace.add(Code.GATE_OPENED)
        return None
    if facts.fails and facts.strict_policy and _names_known_contact(facts):
        trace.add(Code.HELD_NOT_VERIFIED)
        return Hold(HoldReason.NOT_VERIFIED, could_join=_id(reply))
    if _is_known(facts):
        trace.add(Code.GATE_PASSED_KNOWN)
        return None
    if reply is not None and reply.participant:
        trace.add(Code.GATE_PASSED_PARTICIPANT, ticket=reply.ticket.number)
        return None
    return _hold_unknown(facts, reply, trace)


def _names_known_contact(facts: Facts) -> bool:
    return _is_confirmed(facts) or facts.sender.advisor_id is not None


def _is_known(facts: Facts) -> bool:
    """Return whether the sender is a confirmed contact, or certainly an advisor of the company."""
    return facts.sender.readable and (
        _is_confirmed(facts) or (facts.sender.advisor_id is not None and facts.passes)
    )


def _is_confirmed(facts: Facts) -> bool:
    return facts.sender.contact is not None and facts.sender.contact.confirmed


def _hold_unknown(facts: Facts, reply: Reply | None, trace: Trace) -> Hold:
    if not facts.sender.readable:
        trace.add(Code.HELD_UNREADABLE_SENDER)
        return Hold(HoldReason.UNREADABLE_SENDER, could_join=_id(reply))
    trace.add(Code.HELD_UNKNOWN_SENDER)
    return Hold(HoldReason.UNKNOWN_SENDER, could_join=_id(reply))


def _id(reply: Reply | None) -> int | None:
    return None if reply is None else reply.ticket.id

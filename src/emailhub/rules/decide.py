"""What becomes of a mail. Read it beside docs/filing.md, which says the same in plain English."""

from __future__ import annotations

from emailhub.rules.codes import Code
from emailhub.rules.decision import (
    Append,
    Decision,
    DeliveryReport,
    Duplicate,
    Hold,
    HoldReason,
    Loop,
    SetUpMail,
    Step,
)
from emailhub.rules.facts import Action, Facts
from emailhub.rules.fresh import file_fresh
from emailhub.rules.joining import append_reply, is_advisors_answer, keep_as_note
from emailhub.rules.junk import is_junk
from emailhub.rules.replies import Answered, Reply, find_answered
from emailhub.rules.trace import Trace


def decide(facts: Facts) -> tuple[Decision, tuple[Step, ...]]:
    """Return what becomes of the mail, and why. The order of the steps is part of the meaning."""
    trace = Trace()
    decision = _needs_no_ticket(facts, trace) or _file(facts, trace)
    return decision, trace.steps


def _needs_no_ticket(facts: Facts, trace: Trace) -> Decision | None:
    if facts.duplicate_of is not None:
        trace.add(Code.DUPLICATE, message=facts.duplicate_of)
        return Duplicate(facts.duplicate_of)
    if facts.our_message_returned_to_sender and not facts.set_up:  # a probe is meant to come back
        trace.add(Code.LOOP)
        return Loop()
    if facts.set_up:
        trace.add(Code.SET_UP_MAIL, kind=facts.set_up)
        return SetUpMail(facts.set_up)
    if facts.is_report:
        trace.add(Code.DELIVERY_REPORT)
        return DeliveryReport()
    if not facts.hub_enabled:
        trace.add(Code.HELD_HUB_OFF)
        return Hold(HoldReason.HUB_OFF)
    return None


def _file(facts: Facts, trace: Trace) -> Decision:
    """Decide on a mail that belongs on a ticket, if it belongs anywhere."""
    _describe(facts, trace)
    answered = find_answered(facts, trace)
    held = None if facts.released else _hold_before_filing(facts, answered, trace)
    if held is not None:
        return held
    if answered.reply is not None:
        joined = _join(answered.reply, facts, trace)
        if joined is not None:
            return joined
    return file_fresh(facts, answered, trace)


def _describe(facts: Facts, trace: Trace) -> None:
    if not facts.sender.readable:
        trace.add(Code.SENDER_HIDDEN if facts.sender.own_team else Code.SENDER_UNREADABLE)
    if facts.sender.recovered:
        trace.add(Code.SENDER_RECOVERED, address=facts.sender.address)
    if facts.fails:
        trace.add(Code.SENDER_FAILED, address=facts.sender.address)
    elif facts.fails_excused:
        trace.add(Code.FORWARDER_VERIFIED)
    if facts.by_machine:
        trace.add(Code.WRITTEN_BY_MACHINE)
    if facts.message_id_reused:
        trace.add(Code.MESSAGE_ID_REUSED)


def _hold_before_filing(facts: Facts, answered: Answered, trace: Trace) -> Hold | None:
    reply = answered.reply
    named = answered.named.id if answered.named else None
    if answered.betrayed:
        trace.add(Code.HELD_NOT_VERIFIED)
        return Hold(HoldReason.NOT_VERIFIED, could_join=named)
    if facts.sender.own_team and reply is None:
        trace.add(Code.HELD_UNREADABLE_SENDER)
        return Hold(HoldReason.UNREADABLE_SENDER, could_join=named)
    if is_junk(facts, reply, trace):
        trace.add(Code.HELD_JUNK)
        return Hold(HoldReason.JUNK, could_join=named)
    if facts.possible_loop and not (reply is not None and reply.participant):
        trace.add(Code.HELD_POSSIBLE_LOOP)
        return Hold(HoldReason.POSSIBLE_LOOP, could_join=reply.ticket.id if reply else named)
    return None


def _join(reply: Reply, facts: Facts, trace: Trace) -> Append | Duplicate | None:
    """Put the reply on its ticket, or return None where it is to be filed like a fresh mail."""
    if is_advisors_answer(reply, facts):
        return keep_as_note(reply, facts, trace)
    rule = facts.rule
    if rule is not None and rule.also_replies and rule.action is not Action.IGNORE:
        trace.add(Code.RULE_TAKES_REPLY, rule=rule.label, ticket=reply.ticket.number)
        return None
    if reply.late and not facts.out_of_office:
        trace.add(Code.CLOSED_TOO_LONG, ticket=reply.ticket.number)
        return None
    return append_reply(reply, facts, trace)

"""What holds for any facts."""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from emailhub.rules.codes import OUTCOMES, SENTENCES, Code
from emailhub.rules.decide import decide
from emailhub.rules.decision import Append, Duplicate, Flag, Hold, Ignore, NewTicket
from emailhub.rules.facts import Action, Facts, ReferenceKind, Status
from tests.rules.cast import outcome
from tests.rules.strategies import FACTS, TICKETS

SECRETS = (ReferenceKind.OUR_MESSAGE, ReferenceKind.TOKEN)
PLACEHOLDER = re.compile(r"%\((\w+)\)s")

some = settings(max_examples=60, deadline=None)


def any_facts(test):
    return some(given(facts=FACTS)(test))


def referenced(facts: Facts, decision: Append):
    return [reference for reference in facts.references if reference.ticket.id == decision.ticket_id]


def tickets(facts: Facts, id: int):
    named = [reference.ticket for reference in facts.references]
    return [ticket for ticket in (*named, *facts.open_tickets) if ticket.id == id]


@any_facts
def test_there_is_always_one_decision_and_always_the_same(facts):
    assert decide(facts) == decide(facts)


@any_facts
def test_the_trace_ends_with_the_decision_and_only_there(facts):
    steps = [Code(step.code) for step in decide(facts)[1]]
    assert [code for code in steps if code in OUTCOMES] == steps[-1:]


@any_facts
def test_each_step_carries_what_its_sentence_needs(facts):
    for step in decide(facts)[1]:
        detail = dict(step.detail)
        assert set(PLACEHOLDER.findall(SENTENCES[Code(step.code)])) <= set(detail)
        assert SENTENCES[Code(step.code)] % detail


@any_facts
def test_a_ticket_is_joined_only_by_a_proof_or_by_its_own_customer(facts):
    decision = outcome(facts)
    if not isinstance(decision, Append):
        return
    contact = facts.sender.contact
    customer = any(
        contact is not None and ticket.customer_id == contact.id and not facts.fails
        for ticket in facts.open_tickets
        if ticket.id == decision.ticket_id
    )
    proof = any(
        reference.kind in SECRETS
        or reference.ticket.sender_takes_part
        or (contact is not None and contact.id == reference.ticket.customer_id)
        or (reference.kind is ReferenceKind.LATE_PARENT and reference.ticket.recipient_takes_part)
        for reference in referenced(facts, decision)
    )
    assert proof or (customer and facts.sender.readable)


@any_facts
def test_nothing_that_fails_reopens_brings_people_or_counts_as_an_advisor(facts):
    decision = outcome(facts)
    if facts.fails and isinstance(decision, Append):
        assert not decision.reopen
        assert not decision.join_people
        assert not decision.as_note
        assert decision.assignee_id is None
        assert Flag.NOT_VERIFIED in decision.flags
    if facts.fails and isinstance(decision, NewTicket):
        assert not decision.join_people
        assert Flag.NOT_VERIFIED in decision.flags
        assert (Flag.LOOKS_LIKE in decision.flags) == (facts.sender.contact is not None)


@any_facts
def test_only_a_closed_ticket_reopens_and_one_left_closed_asks_for_nothing(facts):
    decision = outcome(facts)
    if isinstance(decision, Append):
        states = {ticket.status for ticket in tickets(facts, decision.ticket_id)}
        if states == {Status.CLOSED} and not decision.reopen:
            assert not decision.needs_reply
        if decision.reopen:
            assert Status.CLOSED in states
            assert decision.needs_reply


@any_facts
def test_a_machine_never_asks_for_an_answer(facts):
    decision = outcome(facts)
    if facts.by_machine and isinstance(decision, Append | NewTicket):
        assert not decision.needs_reply
        assert Flag.AUTOMATIC in decision.flags


@any_facts
def test_where_only_known_contacts_may_open_tickets_no_stranger_does(facts):
    # What a person lets out of the held mail is their decision.
    decision = outcome(replace(facts, known_contacts_only=True, released=False))
    if isinstance(decision, NewTicket) and not facts.references:
        sender = facts.sender
        confirmed = sender.contact is not None and sender.contact.confirmed
        assert sender.readable
        assert confirmed or (sender.advisor_id is not None and facts.passes)


@any_facts
def test_the_toggle_changes_nothing_but_new_tickets_and_holds(facts):
    closed_door = outcome(replace(facts, known_contacts_only=True))
    open_door = outcome(replace(facts, known_contacts_only=False))
    if closed_door != open_door:
        assert isinstance(open_door, NewTicket)
        assert isinstance(closed_door, Hold)


@any_facts
def test_a_private_message_was_in_bcc_and_brings_nobody(facts):
    decision = outcome(facts)
    if isinstance(decision, Append):
        assert decision.private == (Flag.WAS_BCC in decision.flags)
        assert not (decision.private and decision.join_people)
        assert not (decision.private and decision.as_note)


@any_facts
def test_only_an_ignore_rule_ignores_and_only_what_answers_nothing(facts):
    decision = outcome(facts)
    if isinstance(decision, Ignore):
        assert facts.rule is not None
        assert facts.rule.action is Action.IGNORE
        alone = outcome(replace(facts, rule=None, open_tickets=()))
        assert not isinstance(alone, Append)
        assert not (isinstance(alone, NewTicket) and alone.follow_up_of)


@any_facts
def test_a_ticket_that_holds_a_copy_gets_no_second_one(facts):
    decision = outcome(facts)
    if isinstance(decision, Append):
        assert any(ticket.holds_copy is None for ticket in tickets(facts, decision.ticket_id))
    if isinstance(decision, Duplicate):
        holders = [r.ticket for r in facts.references] + list(facts.open_tickets)
        assert decision.of == facts.duplicate_of or decision.of in {ticket.holds_copy for ticket in holders}


@some
@given(facts=FACTS, strange=st.lists(TICKETS, max_size=3))
def test_the_open_tickets_of_others_change_nothing(facts, strange):
    contact = facts.sender.contact
    theirs = tuple(ticket for ticket in strange if contact is None or ticket.customer_id != contact.id)
    assert outcome(facts) == outcome(replace(facts, open_tickets=facts.open_tickets + theirs))


@any_facts
def test_the_order_of_the_open_tickets_does_not_matter(facts):
    distinct = tuple({ticket.id: ticket for ticket in facts.open_tickets}.values())
    turned = replace(facts, open_tickets=distinct[::-1])
    assert outcome(replace(facts, open_tickets=distinct)) == outcome(turned)

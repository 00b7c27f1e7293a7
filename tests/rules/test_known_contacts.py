"""A team that accepts mail only from known contacts: what is held, and what the toggle leaves alone."""

from dataclasses import replace

import pytest

from emailhub.rules.codes import Code
from emailhub.rules.decision import Append, Flag, Hold, HoldReason, Ignore, NewTicket
from emailhub.rules.facts import Action, ReferenceKind, RuleMatch, Verdict
from tests.rules.cast import (
    CARLA_UNCONFIRMED,
    FROM_ANA,
    FROM_CARLA,
    FROM_JON,
    FROM_MALLORY,
    FROM_NOBODY,
    FROM_OURSELVES,
    SALES,
    answer,
    closed,
    codes,
    mail,
    outcome,
    rule,
    ticket,
)

PASS, NONE, FAIL = Verdict
UNKNOWN = Hold(HoldReason.UNKNOWN_SENDER)
NOT_VERIFIED = Hold(HoldReason.NOT_VERIFIED)
WITH_JON = ticket(sender_takes_part=True)
OLD = {"days": 30}
OLD_WITH_JON = closed(**OLD, sender_takes_part=True)
FROM_UNCONFIRMED = replace(FROM_CARLA, contact=CARLA_UNCONFIRMED)
IGNORE, CREATE_NEW = rule(Action.IGNORE), rule(Action.CREATE_NEW)

TABLE = [
    ("answer of the customer to an open ticket", answer(), Append, Append),
    ("answer of a person in CC", answer(WITH_JON, sender=FROM_JON), Append, Append),
    ("stranger answers our own message", answer(sender=FROM_MALLORY), Append, Append),
    ("known contact with an open ticket", mail(open_tickets=(ticket(),)), Append, Append),
    ("known contact without an open ticket", mail(), NewTicket, NewTicket),
    (
        "late answer with another open ticket",
        answer(closed(**OLD), open_tickets=(ticket(2),)),
        Append,
        Append,
    ),
    ("late answer of a known contact", answer(closed(**OLD)), NewTicket, NewTicket),
    ("late answer of a person in CC", answer(OLD_WITH_JON, sender=FROM_JON), NewTicket, NewTicket),
    ("late answer of a stranger", answer(closed(**OLD), sender=FROM_MALLORY), NewTicket, Hold),
    ("unknown sender", mail(sender=FROM_MALLORY), NewTicket, Hold),
    ("ignore rule, fresh, known", mail(rule=IGNORE), Ignore, Ignore),
    ("ignore rule, fresh, unknown", mail(rule=IGNORE, sender=FROM_MALLORY), Ignore, Ignore),
    ("ignore rule, answer", answer(rule=IGNORE), Append, Append),
    ("create-new rule, known", mail(rule=CREATE_NEW, open_tickets=(ticket(),)), NewTicket, NewTicket),
    ("create-new rule, unknown", mail(rule=CREATE_NEW, sender=FROM_MALLORY), NewTicket, Hold),
    ("unconfirmed, no open ticket", mail(sender=FROM_UNCONFIRMED), NewTicket, Hold),
    ("unconfirmed, open ticket", mail(sender=FROM_UNCONFIRMED, open_tickets=(ticket(),)), Append, Append),
    ("advisor without proof", mail(sender=FROM_ANA), NewTicket, Hold),
    ("advisor with a pass", mail(sender=FROM_ANA, verdict=PASS), NewTicket, NewTicket),
    ("forged known contact", mail(verdict=FAIL), NewTicket, Hold),
    ("forged by a lax domain", mail(verdict=FAIL, strict_policy=False), NewTicket, NewTicket),
    ("forged participant answers", answer(WITH_JON, sender=FROM_JON, verdict=FAIL), Append, Append),
    ("forged participant, late", answer(OLD_WITH_JON, sender=FROM_JON, verdict=FAIL), NewTicket, Hold),
    ("nobody", mail(sender=FROM_NOBODY), NewTicket, Hold),
    ("nobody, but a forward of ours", mail(sender=FROM_OURSELVES), Hold, Hold),
]


@pytest.mark.parametrize(("what", "facts", "toggle_off", "toggle_on"), TABLE)
def test_the_table_of_outcomes(what, facts, toggle_off, toggle_on):
    assert isinstance(outcome(facts), toggle_off), what
    assert isinstance(outcome(replace(facts, known_contacts_only=True)), toggle_on), what


def only_known(**changes):
    return mail(**({"known_contacts_only": True} | changes))


@pytest.mark.parametrize("verdict", Verdict)
def test_a_stranger_is_held_as_unknown_whatever_the_verdict(verdict):
    assert outcome(only_known(sender=FROM_MALLORY, verdict=verdict)) == UNKNOWN


def test_a_forged_known_contact_is_held_as_not_verified():
    facts = only_known(verdict=FAIL, open_tickets=(ticket(),))
    assert outcome(facts) == NOT_VERIFIED
    assert codes(facts)[-1] is Code.HELD_NOT_VERIFIED


def test_a_forged_advisor_is_held_as_not_verified():
    assert outcome(only_known(sender=FROM_ANA, verdict=FAIL)) == NOT_VERIFIED


def test_a_forged_unconfirmed_contact_is_an_unknown_sender():
    facts = only_known(sender=FROM_UNCONFIRMED, verdict=FAIL, open_tickets=(ticket(),))
    assert outcome(facts) == UNKNOWN


def test_a_known_contact_through_a_verified_forwarder_passes():
    decision = outcome(only_known(verdict=FAIL, verified_forwarder=True))
    assert isinstance(decision, NewTicket)
    assert decision.flags == frozenset()


def test_a_known_contact_of_a_domain_without_a_strict_policy_gets_a_flagged_ticket():
    decision = outcome(only_known(verdict=FAIL, strict_policy=False))
    assert decision.flags == {Flag.NOT_VERIFIED, Flag.LOOKS_LIKE}


def test_an_unconfirmed_contact_is_appended_while_the_ticket_is_open_and_held_afterwards():
    assert outcome(only_known(sender=FROM_UNCONFIRMED, open_tickets=(ticket(),))) == Append(100)
    assert outcome(only_known(sender=FROM_UNCONFIRMED)) == UNKNOWN


@pytest.mark.parametrize(
    "routing",
    [
        CREATE_NEW,
        rule(Action.ROUTE_TO_TEAM, team_id=SALES),
        rule(Action.ROUTE_TO_ADVISOR, advisor_id=11),
    ],
)
def test_no_rule_opens_the_gate(routing: RuleMatch):
    assert outcome(only_known(sender=FROM_MALLORY, rule=routing)) == UNKNOWN
    with_ticket = only_known(sender=FROM_UNCONFIRMED, open_tickets=(ticket(),))
    assert outcome(replace(with_ticket, rule=replace(routing, even_if_open=True))) == UNKNOWN


def test_a_participants_late_answer_passes_the_gate_and_is_linked():
    facts = answer(OLD_WITH_JON, sender=FROM_JON, known_contacts_only=True)
    assert outcome(facts).follow_up_of == 100
    assert Code.GATE_PASSED_PARTICIPANT in codes(facts)


def test_a_participant_passes_by_the_proof_and_not_by_naming_the_ticket():
    facts = answer(
        OLD_WITH_JON, ReferenceKind.SUBJECT, sender=FROM_JON, known_contacts_only=True, verdict=FAIL
    )
    assert outcome(facts) == UNKNOWN


def test_a_strangers_late_answer_is_held_and_remembers_the_ticket():
    facts = answer(closed(**OLD), sender=FROM_MALLORY, known_contacts_only=True)
    assert outcome(facts) == replace(UNKNOWN, could_join=100)


def test_a_held_late_answer_always_remembers_its_ticket():
    late = answer(closed(**OLD), known_contacts_only=True)
    assert outcome(replace(late, verdict=FAIL)) == replace(NOT_VERIFIED, could_join=100)
    unreadable = Hold(HoldReason.UNREADABLE_SENDER, could_join=100)
    assert outcome(replace(late, sender=FROM_NOBODY)) == unreadable


def test_a_participants_answer_that_a_rule_takes_from_its_ticket_passes_too():
    facts = answer(
        WITH_JON, sender=FROM_JON, known_contacts_only=True, rule=replace(CREATE_NEW, also_replies=True)
    )
    assert isinstance(outcome(facts), NewTicket)


def test_a_sender_that_cannot_be_read_is_held_for_that():
    assert outcome(only_known(sender=FROM_NOBODY)) == Hold(HoldReason.UNREADABLE_SENDER)
    assert codes(only_known(sender=FROM_NOBODY))[-1] is Code.HELD_UNREADABLE_SENDER


def test_a_sender_that_cannot_be_read_is_not_known_by_a_contact():
    facts = only_known(sender=replace(FROM_NOBODY, contact=FROM_CARLA.contact))
    assert outcome(facts) == Hold(HoldReason.UNREADABLE_SENDER)


def test_the_trace_says_that_a_known_contact_passed():
    assert codes(only_known()) == [Code.NO_OPEN_TICKET, Code.GATE_PASSED_KNOWN, Code.NEW_TICKET]


# A possible loop


def test_a_possible_loop_spares_only_the_answer_of_a_participant():
    assert outcome(mail(possible_loop=True)) == Hold(HoldReason.POSSIBLE_LOOP)
    assert isinstance(outcome(answer(WITH_JON, sender=FROM_JON, possible_loop=True)), Append)
    stranger = answer(sender=FROM_MALLORY, possible_loop=True)
    assert outcome(stranger) == Hold(HoldReason.POSSIBLE_LOOP, could_join=100)
    forged = answer(WITH_JON, sender=FROM_JON, possible_loop=True, verdict=FAIL)
    assert outcome(forged) == Hold(HoldReason.POSSIBLE_LOOP, could_join=100)

"""What a reply does to its ticket: reopening, asking for an answer, bringing people, staying private."""

from dataclasses import replace
from datetime import timedelta

import pytest

from emailhub.rules.codes import Code
from emailhub.rules.decision import Append, Flag, NewTicket
from emailhub.rules.facts import Action, Reference, ReferenceKind, Status, Verdict
from tests.rules.cast import (
    ANA,
    CARLA,
    FROM_ANA,
    FROM_CARLA,
    FROM_JON,
    FROM_MALLORY,
    FROM_NOBODY,
    FROM_ROBOT,
    NOW,
    SALES,
    SERVICE,
    answer,
    closed,
    codes,
    mail,
    outcome,
    rule,
    ticket,
)

PASS, NONE, FAIL = Verdict
OUR, RECEIVED = ReferenceKind.OUR_MESSAGE, ReferenceKind.RECEIVED_MESSAGE
BCC = {"sender_takes_part": True, "sender_was_bcc_only": True}


# Reopening


@pytest.mark.parametrize("verdict", [PASS, NONE])
def test_the_customers_answer_opens_a_ticket_closed_within_the_window(verdict):
    decision = outcome(answer(closed(days=6), verdict=verdict))
    assert decision == Append(100, reopen=True, needs_reply=True)


def test_the_answer_of_a_person_in_cc_opens_it_too():
    assert outcome(answer(closed(sender_takes_part=True), sender=FROM_JON)).reopen


def test_the_answer_of_a_person_in_bcc_opens_it_too():
    assert outcome(answer(closed(**BCC), sender=FROM_JON)).reopen


@pytest.mark.parametrize("status", [Status.OPEN, Status.WAITING])
def test_a_ticket_that_is_not_closed_is_not_reopened_but_needs_an_answer(status):
    assert outcome(answer(ticket(status=status))) == Append(100, reopen=False, needs_reply=True)


def test_the_window_ends_to_the_second():
    last_moment = NOW - timedelta(days=7)
    assert outcome(answer(closed(closed_at=last_moment))).reopen
    late = answer(closed(closed_at=last_moment - timedelta(seconds=1)))
    assert isinstance(outcome(late), NewTicket)
    assert Code.CLOSED_TOO_LONG in codes(late)


@pytest.mark.parametrize("days", [0, None])
def test_a_team_that_never_reopens_gets_a_follow_up_at_once(days):
    decision = outcome(answer(closed(days=0.01, reopen_days=days)))
    assert isinstance(decision, NewTicket)
    assert decision.follow_up_of == 100


def test_a_ticket_closed_nobody_knows_when_is_followed_up():
    assert outcome(answer(closed(closed_at=None))).follow_up_of == 100


CLOSED_AND_QUIET = [
    answer(closed(), verdict=FAIL),
    answer(closed(sender_takes_part=True), RECEIVED, sender=FROM_JON, verdict=FAIL),
    answer(closed(), sender=FROM_MALLORY),
    answer(closed(), sender=FROM_MALLORY, verdict=PASS),
    answer(closed(), sender=FROM_NOBODY),
    answer(closed(), automatic=True),
    answer(closed(), out_of_office=True),
    answer(closed(), sender=replace(FROM_CARLA, robot=True)),
]


@pytest.mark.parametrize("facts", CLOSED_AND_QUIET)
def test_forgers_strangers_and_machines_leave_a_closed_ticket_closed(facts):
    decision = outcome(facts)
    assert isinstance(decision, Append)
    assert not decision.reopen
    assert not decision.needs_reply
    assert codes(facts)[-2:] == [Code.STAYS_CLOSED, Code.APPENDED]


def test_a_verified_forwarder_lets_a_failed_answer_reopen():
    assert outcome(answer(closed(), verdict=FAIL, verified_forwarder=True)).reopen


# Machines


@pytest.mark.parametrize("how", [{"automatic": True}, {"out_of_office": True}, {"sender": FROM_ROBOT}])
def test_a_machines_answer_is_marked_and_asks_for_nothing(how):
    decision = outcome(answer(ticket(sender_takes_part=True), **how))
    assert decision.flags == {Flag.AUTOMATIC}
    assert not decision.needs_reply


def test_an_out_of_office_answer_goes_on_its_ticket_however_long_that_is_closed():
    decision = outcome(answer(closed(days=400), out_of_office=True))
    assert decision == Append(100, needs_reply=False, flags=frozenset({Flag.AUTOMATIC, Flag.LATE}))


def test_any_other_late_answer_of_a_machine_is_filed_like_a_fresh_mail():
    decision = outcome(answer(closed(days=400), automatic=True))
    assert isinstance(decision, NewTicket)
    assert decision.follow_up_of == 100
    assert not decision.needs_reply


# People


@pytest.mark.parametrize(
    ("facts", "joins"),
    [
        (answer(), True),
        (answer(verdict=PASS), True),
        (answer(verdict=FAIL), False),
        (answer(verdict=FAIL, verified_forwarder=True), True),
        (answer(sender=FROM_MALLORY), False),
        (answer(sender=FROM_MALLORY, verdict=PASS), True),
        (answer(ticket(**BCC), sender=FROM_JON, verdict=PASS), False),
        (mail(), True),
        (mail(verdict=PASS), True),
        (mail(verdict=FAIL), False),
        (mail(verdict=FAIL, verified_forwarder=True), True),
        (mail(sender=FROM_MALLORY), True),
        (mail(sender=FROM_MALLORY, verdict=FAIL), False),
        (mail(open_tickets=(ticket(),)), True),
    ],
)
def test_who_may_bring_the_people_in_to_and_cc(facts, joins):
    assert outcome(facts).join_people is joins


def test_an_answer_never_changes_the_customer_or_the_assignee():
    decision = outcome(answer(ticket(assignee_id=None), sender=FROM_MALLORY))
    assert decision.assignee_id is None
    assert not hasattr(decision, "contact_id")


# BCC


@pytest.mark.parametrize("verdict", [PASS, NONE])
def test_the_answer_of_a_person_in_bcc_stays_private(verdict):
    facts = answer(ticket(**BCC), sender=FROM_JON, verdict=verdict)
    assert outcome(facts) == Append(100, join_people=False, private=True, flags=frozenset({Flag.WAS_BCC}))
    assert Code.BCC_PERSON in codes(facts)


def test_a_failed_answer_of_a_person_in_bcc_is_private_and_flagged():
    decision = outcome(answer(ticket(**BCC), sender=FROM_JON, verdict=FAIL))
    assert decision.private
    assert decision.flags == {Flag.WAS_BCC, Flag.NOT_VERIFIED}


def test_a_bcc_to_the_customers_other_address_does_not_make_the_customer_private():
    assert not outcome(answer(ticket(**BCC))).private


def test_nobody_else_is_private():
    assert not outcome(answer(ticket(sender_takes_part=True), sender=FROM_JON)).private
    assert not outcome(answer(sender=FROM_MALLORY)).private


# Advisors


def test_an_advisors_answer_from_a_mail_program_is_a_note():
    facts = answer(sender=FROM_ANA, verdict=PASS)
    note = Append(
        100, needs_reply=False, join_people=False, as_note=True, flags=frozenset({Flag.FROM_ADVISOR})
    )
    assert outcome(facts) == note
    assert codes(facts)[-2:] == [Code.FROM_ADVISOR, Code.KEPT_AS_NOTE]


def test_an_advisors_note_leaves_a_closed_ticket_closed_whenever_it_was_closed():
    for days in (1, 400):
        decision = outcome(answer(closed(days=days), sender=FROM_ANA, verdict=PASS))
        assert (decision.as_note, decision.reopen, decision.needs_reply) == (True, False, False)


def test_no_rule_takes_an_advisors_note_from_its_ticket():
    every_mail = rule(Action.CREATE_NEW, also_replies=True)
    assert outcome(answer(sender=FROM_ANA, verdict=PASS, rule=every_mail)).as_note


@pytest.mark.parametrize("verdict", [NONE, FAIL])
def test_without_a_pass_an_advisor_is_an_ordinary_sender(verdict):
    on_it = ticket(sender_takes_part=True)
    decision = outcome(answer(on_it, sender=FROM_ANA, verdict=verdict))
    assert isinstance(decision, Append)
    assert not decision.as_note
    assert Flag.FROM_ADVISOR not in decision.flags


def test_a_verified_forwarder_does_not_make_an_advisor():
    assert not outcome(answer(sender=FROM_ANA, verdict=FAIL, verified_forwarder=True)).as_note


def test_whom_a_web_form_names_is_no_advisor_though_the_forms_own_address_passed():
    assert not outcome(answer(sender=replace(FROM_ANA, recovered=True), verdict=PASS)).as_note


def test_an_advisor_needs_the_same_proof_as_everybody():
    facts = answer(ticket(), ReferenceKind.SUBJECT, sender=FROM_ANA, verdict=PASS)
    assert isinstance(outcome(facts), NewTicket)


def test_an_advisor_who_is_the_customer_is_answered_like_one():
    as_customer = replace(FROM_CARLA, advisor_id=ANA)
    decision = outcome(answer(sender=as_customer, verdict=PASS))
    assert decision == Append(100)


def test_a_copy_of_a_note_is_a_copy():
    on_it = ticket(holds_copy=3)
    assert outcome(answer(on_it, sender=FROM_ANA, verdict=PASS)).of == 3


# Late answers


def test_a_late_answer_joins_the_customers_other_open_ticket_and_says_what_it_answers():
    late = closed(1, days=30)
    decision = outcome(answer(late, open_tickets=(ticket(2),)))
    assert decision == Append(2, follow_up_of=1, flags=frozenset({Flag.LATE}))


def test_a_late_answer_makes_a_follow_up_in_the_team_of_the_ticket_it_answers():
    decision = outcome(answer(closed(days=30, team_id=SALES)))
    assert decision == NewTicket(SALES, CARLA.id, follow_up_of=100, flags=frozenset({Flag.LATE}))
    assert codes(answer(closed(days=30)))[-1] is Code.FOLLOW_UP_TICKET


def test_a_strangers_late_answer_makes_a_follow_up_of_their_own():
    decision = outcome(answer(closed(days=30), sender=FROM_MALLORY))
    assert (decision.contact_id, decision.follow_up_of, decision.team_id) == (None, 100, SERVICE)


def test_a_late_answer_that_fails_joins_nothing_and_looks_like_the_customer():
    decision = outcome(answer(closed(1, days=30), verdict=FAIL, open_tickets=(ticket(2),)))
    assert isinstance(decision, NewTicket)
    assert decision.flags == {Flag.LATE, Flag.NOT_VERIFIED, Flag.LOOKS_LIKE}
    assert decision.could_join == 2


def test_the_closed_ticket_of_an_in_reply_to_goes_before_an_open_one_in_references():
    references = (
        Reference(OUR, ticket(2), named_in_reply_to=False),
        Reference(OUR, closed(days=2), named_in_reply_to=True),
    )
    assert outcome(mail(references=references)).ticket_id == 100

"""What the four actions of an inbound rule mean towards open tickets, replies and each other."""

from dataclasses import replace

import pytest

from emailhub.rules.codes import Code
from emailhub.rules.decision import Append, Flag, Ignore, NewTicket
from emailhub.rules.facts import Action, ReferenceKind, Status, Verdict
from tests.rules.cast import (
    ANA,
    BEN,
    CARLA,
    FROM_MALLORY,
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

FAIL = Verdict.FAIL
IGNORE = rule(Action.IGNORE)
TO_SALES = rule(Action.ROUTE_TO_TEAM, team_id=SALES)
TO_OWN_TEAM = rule(Action.ROUTE_TO_TEAM, team_id=SERVICE)
TO_ANA = rule(Action.ROUTE_TO_ADVISOR, advisor_id=ANA)
CREATE_NEW = rule(Action.CREATE_NEW)
IN_SERVICE = ticket(1)
IN_SALES = ticket(2, team_id=SALES, received_by_team_id=SALES)


# Ignore


@pytest.mark.parametrize("tickets", [(), (IN_SERVICE,)])
def test_ignore_takes_a_fresh_mail_even_of_a_customer_with_an_open_ticket(tickets):
    facts = mail(rule=IGNORE, open_tickets=tickets)
    assert outcome(facts) == Ignore(7)
    assert codes(facts) == [Code.IGNORED]


@pytest.mark.parametrize("also_replies", [True, False])
@pytest.mark.parametrize("answered", [ticket(), closed()])
def test_ignore_never_takes_an_answer_but_marks_it(answered, also_replies):
    facts = answer(answered, rule=replace(IGNORE, also_replies=also_replies))
    decision = outcome(facts)
    assert isinstance(decision, Append)
    assert decision.flags == {Flag.MATCHED_IGNORE}
    assert Code.IGNORE_SPARES_REPLY in codes(facts)


@pytest.mark.parametrize("sender", [mail().sender, FROM_MALLORY])
def test_ignore_never_takes_a_late_answer(sender):
    facts = answer(closed(days=30), rule=IGNORE, sender=sender)
    decision = outcome(facts)
    assert isinstance(decision, NewTicket)
    assert decision.flags == {Flag.LATE, Flag.MATCHED_IGNORE}
    assert Code.IGNORE_SPARES_REPLY in codes(facts)


def test_ignore_takes_a_mail_that_names_a_ticket_without_proof():
    facts = answer(ticket(), ReferenceKind.SUBJECT, sender=FROM_MALLORY, rule=IGNORE)
    assert outcome(facts) == Ignore(7)


# Route to team


def test_route_to_team_makes_an_unassigned_ticket_there_past_the_open_one_here():
    facts = mail(rule=TO_SALES, open_tickets=(IN_SERVICE,))
    assert outcome(facts) == NewTicket(SALES, CARLA.id, assignee_id=None, related_to=1)
    assert codes(facts) == [Code.RULE_MATCHED, Code.NO_OPEN_TICKET, Code.NEW_TICKET]


def test_route_to_team_joins_the_open_ticket_there_and_keeps_its_assignee():
    assert outcome(mail(rule=TO_SALES, open_tickets=(IN_SERVICE, IN_SALES))) == Append(2)


def test_route_to_team_passes_by_a_ticket_that_came_in_here_and_lives_in_a_third_team():
    facts = mail(rule=TO_SALES, open_tickets=(ticket(team_id=3),))
    assert isinstance(outcome(facts), NewTicket)


def test_route_to_the_own_team_leaves_it_unassigned_and_threads_as_always():
    assert outcome(mail(rule=TO_OWN_TEAM)) == NewTicket(SERVICE, CARLA.id)
    assert outcome(mail(rule=TO_OWN_TEAM, open_tickets=(ticket(team_id=SALES),))) == Append(100)


@pytest.mark.parametrize("broken", [replace(TO_SALES, broken=True), replace(TO_SALES, team_id=None)])
def test_a_route_to_a_team_that_is_gone_leaves_the_mail_here(broken):
    facts = mail(rule=broken, open_tickets=(IN_SALES,))
    assert outcome(facts) == NewTicket(SERVICE, CARLA.id, related_to=2)
    assert Code.RULE_BROKEN in codes(facts)
    assert outcome(mail(rule=broken, open_tickets=(IN_SERVICE,))) == Append(1)


def test_route_to_team_even_if_open_makes_a_second_ticket_there():
    facts = mail(rule=replace(TO_SALES, even_if_open=True), open_tickets=(IN_SALES,))
    assert outcome(facts) == NewTicket(SALES, CARLA.id, related_to=2)
    assert Code.RULE_WANTS_NEW in codes(facts)


def test_a_late_answer_is_routed_like_a_fresh_mail_and_linked():
    decision = outcome(answer(closed(days=30), rule=TO_SALES))
    assert decision == NewTicket(SALES, CARLA.id, follow_up_of=100, flags=frozenset({Flag.LATE}))


# Route to advisor


def test_route_to_advisor_assigns_the_new_ticket():
    assert outcome(mail(rule=TO_ANA)) == NewTicket(SERVICE, CARLA.id, assignee_id=ANA)


def test_route_to_advisor_leaves_an_open_ticket_with_its_assignee():
    assert outcome(mail(rule=TO_ANA, open_tickets=(ticket(assignee_id=BEN),))) == Append(100)


def test_route_to_advisor_assigns_an_open_ticket_that_nobody_has():
    facts = mail(rule=TO_ANA, open_tickets=(ticket(assignee_id=None),))
    assert outcome(facts) == Append(100, assignee_id=ANA)


def test_route_to_advisor_does_not_assign_a_ticket_that_moved_to_another_team():
    facts = mail(rule=TO_ANA, open_tickets=(ticket(assignee_id=None, team_id=SALES),))
    assert outcome(facts) == Append(100, assignee_id=None)


@pytest.mark.parametrize("broken", [replace(TO_ANA, broken=True), replace(TO_ANA, advisor_id=None)])
def test_a_route_to_an_advisor_who_left_leaves_it_with_the_team(broken):
    assert outcome(mail(rule=broken)) == NewTicket(SERVICE, CARLA.id, assignee_id=None)
    assert outcome(mail(rule=broken, open_tickets=(ticket(assignee_id=None),))) == Append(100)
    assert Code.RULE_BROKEN in codes(mail(rule=broken))


def test_route_to_advisor_even_if_open_makes_a_second_ticket():
    facts = mail(rule=replace(TO_ANA, even_if_open=True), open_tickets=(ticket(),))
    assert outcome(facts) == NewTicket(SERVICE, CARLA.id, assignee_id=ANA, related_to=100)


def test_a_broken_route_even_if_open_still_makes_a_new_ticket():
    facts = mail(rule=replace(TO_ANA, broken=True, even_if_open=True), open_tickets=(ticket(),))
    assert outcome(facts) == NewTicket(SERVICE, CARLA.id, related_to=100)


# Create a new ticket


def test_create_new_makes_a_second_ticket_and_links_the_open_one():
    facts = mail(rule=CREATE_NEW, open_tickets=(ticket(),), subject="pump leaks")
    assert outcome(facts) == NewTicket(SERVICE, CARLA.id, assignee_id=None, related_to=100)
    assert codes(facts)[-2:] == [Code.RULE_WANTS_NEW, Code.NEW_TICKET]


@pytest.mark.parametrize("routing", [CREATE_NEW, TO_SALES, TO_ANA])
def test_an_answer_threads_whatever_the_rule(routing):
    facts = answer(ticket(assignee_id=None), rule=routing)
    assert outcome(facts) == Append(100)
    assert Code.RULE_LEAVES_REPLIES in codes(facts)


def test_after_create_new_the_next_fresh_mail_goes_by_subject_then_activity():
    first, second = ticket(1, subject="pump leaks"), ticket(2, subject="invoice")
    assert outcome(mail(open_tickets=(first, second), subject="pump leaks")).ticket_id == 1
    assert outcome(mail(open_tickets=(first, second), subject="tractor")).ticket_id == 2


# Also apply to replies


@pytest.mark.parametrize(
    ("routing", "team", "assignee"), [(CREATE_NEW, SERVICE, None), (TO_SALES, SALES, None)]
)
def test_a_rule_that_applies_to_replies_goes_first(routing, team, assignee):
    facts = answer(rule=replace(routing, also_replies=True))
    assert outcome(facts) == NewTicket(team, CARLA.id, assignee_id=assignee, related_to=100)
    assert Code.RULE_TAKES_REPLY in codes(facts)


def test_a_rule_that_applies_to_replies_may_end_on_the_customers_ticket_in_the_other_team():
    facts = answer(IN_SERVICE, rule=replace(TO_SALES, also_replies=True), open_tickets=(IN_SERVICE, IN_SALES))
    assert outcome(facts) == Append(2, follow_up_of=None, flags=frozenset())


def test_a_rule_that_applies_to_replies_follows_up_a_closed_ticket():
    decision = outcome(answer(closed(), rule=replace(CREATE_NEW, also_replies=True)))
    assert isinstance(decision, NewTicket)
    assert (decision.follow_up_of, decision.related_to) == (100, None)


def test_a_rule_that_applies_to_replies_cannot_free_a_forged_secret():
    facts = answer(sender=FROM_MALLORY, verdict=FAIL, rule=replace(CREATE_NEW, also_replies=True))
    assert codes(facts)[-1] is Code.HELD_NOT_VERIFIED


# Forgers


@pytest.mark.parametrize("routing", [TO_SALES, TO_ANA, CREATE_NEW])
def test_no_rule_lets_a_forger_into_an_open_ticket(routing):
    nobody_has_it = (ticket(1, assignee_id=None), replace(IN_SALES, assignee_id=None))
    decision = outcome(mail(rule=routing, verdict=FAIL, open_tickets=nobody_has_it))
    assert isinstance(decision, NewTicket)
    assert Flag.LOOKS_LIKE in decision.flags
    assert decision.related_to is None


def test_a_waiting_ticket_is_an_open_one_for_rules():
    waiting = replace(IN_SALES, status=Status.WAITING)
    assert outcome(mail(rule=TO_SALES, open_tickets=(waiting,))) == Append(2)

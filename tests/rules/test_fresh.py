"""A mail that answers nothing: it joins its customer's open ticket, or becomes a ticket."""

from dataclasses import replace
from datetime import timedelta

import pytest

from emailhub.rules.codes import Code
from emailhub.rules.decision import Append, Flag, NewTicket
from emailhub.rules.facts import Status, Verdict
from tests.rules.cast import (
    CARLA,
    CARLA_UNCONFIRMED,
    FROM_ANA,
    FROM_CARLA,
    FROM_JON,
    FROM_MALLORY,
    FROM_NOBODY,
    FROM_ROBOT,
    NOW,
    SALES,
    SERVICE,
    closed,
    codes,
    mail,
    outcome,
    ticket,
)

PASS, NONE, FAIL = Verdict
WAREHOUSE = 3  # a team
ROBOTS = [
    {"automatic": True},
    {"out_of_office": True},
    {"sender": replace(FROM_CARLA, robot=True)},
]


# By contact


@pytest.mark.parametrize("verdict", [PASS, NONE])
@pytest.mark.parametrize("status", [Status.OPEN, Status.WAITING])
def test_a_fresh_mail_joins_its_customers_open_ticket_whatever_the_subject(status, verdict):
    facts = mail(open_tickets=(ticket(status=status),), subject="another thing", verdict=verdict)
    assert outcome(facts) == Append(100)
    assert codes(facts) == [Code.ONLY_OPEN_TICKET, Code.APPENDED]


def test_an_unconfirmed_contact_joins_too():
    sender = replace(FROM_CARLA, contact=CARLA_UNCONFIRMED)
    assert outcome(mail(sender=sender, open_tickets=(ticket(),))) == Append(100)


def test_the_equal_subject_wins_over_the_latest_activity():
    older = ticket(1, subject="pump leaks", last_activity_at=NOW - timedelta(days=9))
    newer = ticket(2, subject="invoice")
    facts = mail(open_tickets=(newer, older), subject="pump leaks")
    assert outcome(facts).ticket_id == 1
    assert codes(facts) == [Code.OPEN_TICKET_SAME_SUBJECT, Code.APPENDED]


def test_else_the_latest_activity_wins_and_then_the_newest_ticket():
    tickets = (ticket(1, last_activity_at=NOW - timedelta(days=9)), ticket(2), ticket(3))
    for order in (tickets, tickets[::-1]):
        facts = mail(open_tickets=order)
        assert outcome(facts).ticket_id == 3
        assert codes(facts)[0] is Code.OPEN_TICKET_LATEST


def test_among_several_of_the_same_subject_the_latest_activity_wins():
    tickets = tuple(ticket(n, last_activity_at=NOW - timedelta(days=n)) for n in (3, 1, 2))
    assert outcome(mail(open_tickets=tickets, subject="pump leaks")).ticket_id == 1


def test_two_empty_subjects_are_not_equal():
    older = ticket(1, subject="", last_activity_at=NOW - timedelta(days=9))
    assert outcome(mail(open_tickets=(older, ticket(2)), subject="")).ticket_id == 2
    assert isinstance(outcome(mail(open_tickets=(older,), subject="", automatic=True)), NewTicket)


def test_each_team_has_its_own_ticket_for_the_same_customer():
    elsewhere = ticket(team_id=SALES, received_by_team_id=SALES)
    decision = outcome(mail(open_tickets=(elsewhere,)))
    assert isinstance(decision, NewTicket)
    assert decision.team_id == SERVICE
    assert decision.related_to == elsewhere.id


def test_a_ticket_that_came_in_here_and_moved_on_still_takes_its_customers_mail():
    assert outcome(mail(open_tickets=(ticket(team_id=SALES),))) == Append(100)


def test_a_ticket_that_moved_here_takes_it_too():
    assert outcome(mail(open_tickets=(ticket(received_by_team_id=SALES),))) == Append(100)


def test_only_the_customer_joins_by_contact_not_a_person_in_cc():
    jon = replace(FROM_JON, contact=replace(CARLA, id=33))
    decision = outcome(mail(sender=jon, open_tickets=(ticket(sender_takes_part=True),)))
    assert isinstance(decision, NewTicket)
    assert decision.contact_id == 33


def test_a_closed_ticket_takes_no_fresh_mail():
    decision = outcome(mail(open_tickets=(closed(),)))
    assert decision == NewTicket(SERVICE, CARLA.id)
    assert codes(mail(open_tickets=(closed(),))) == [Code.NO_OPEN_TICKET, Code.NEW_TICKET]


def test_a_ticket_that_a_forger_opened_takes_nothing_by_contact():
    assert isinstance(outcome(mail(open_tickets=(ticket(opened_unverified=True),))), NewTicket)


def test_a_ticket_does_not_take_the_mail_that_it_sent_itself():
    assert isinstance(outcome(mail(open_tickets=(ticket(sent_this_mail=True),))), NewTicket)


# Tickets of their own


def test_a_stranger_gets_an_unconfirmed_contact_and_an_unassigned_ticket():
    facts = mail(sender=FROM_MALLORY)
    assert outcome(facts) == NewTicket(SERVICE, None)
    assert codes(facts) == [Code.NO_OPEN_TICKET, Code.NEW_TICKET]


def test_a_failed_mail_gets_a_ticket_of_its_own_that_names_the_contact_it_looks_like():
    facts = mail(open_tickets=(ticket(),), verdict=FAIL)
    assert outcome(facts) == NewTicket(
        SERVICE,
        CARLA.id,
        could_join=100,
        join_people=False,
        flags=frozenset({Flag.NOT_VERIFIED, Flag.LOOKS_LIKE}),
    )
    assert Code.LOOKS_LIKE_CONTACT in codes(facts)
    assert codes(facts)[0] is Code.SENDER_FAILED


def test_a_failed_mail_of_nobody_we_know_looks_like_nobody():
    assert outcome(mail(sender=FROM_MALLORY, verdict=FAIL)).flags == {Flag.NOT_VERIFIED}


def test_a_verified_forwarder_excuses_a_failed_fresh_mail():
    facts = mail(open_tickets=(ticket(),), verdict=FAIL, verified_forwarder=True)
    assert outcome(facts) == Append(100)


def test_a_shared_sender_always_gets_a_new_ticket():
    shared = replace(FROM_CARLA, contact=replace(CARLA, shared_sender=True))
    facts = mail(sender=shared, open_tickets=(ticket(),), subject="pump leaks")
    assert outcome(facts) == NewTicket(SERVICE, CARLA.id)
    assert Code.SHARED_SENDER in codes(facts)


def test_a_sender_that_cannot_be_read_gets_a_flagged_ticket_where_strangers_are_welcome():
    facts = mail(sender=replace(FROM_NOBODY, contact=CARLA), open_tickets=(ticket(),))
    assert outcome(facts) == NewTicket(SERVICE, None, flags=frozenset({Flag.UNREADABLE_SENDER}))
    assert codes(facts)[0] is Code.SENDER_UNREADABLE


def test_an_advisor_who_writes_as_a_customer_is_one():
    assert outcome(mail(sender=FROM_ANA, verdict=PASS)) == NewTicket(SERVICE, None)


# Machines


@pytest.mark.parametrize("how", ROBOTS)
def test_a_machine_joins_by_contact_only_with_the_same_subject_and_asks_for_nothing(how):
    facts = mail(open_tickets=(ticket(subject="alarm 5"),), subject="alarm 5", **how)
    assert outcome(facts) == Append(100, needs_reply=False, flags=frozenset({Flag.AUTOMATIC}))


@pytest.mark.parametrize("how", ROBOTS)
def test_a_machine_with_another_subject_gets_a_ticket_that_asks_for_nothing(how):
    facts = mail(open_tickets=(ticket(subject="alarm 5"),), subject="alarm 6", **how)
    decision = outcome(facts)
    assert decision == NewTicket(
        SERVICE, CARLA.id, related_to=100, needs_reply=False, flags=frozenset({Flag.AUTOMATIC})
    )
    assert Code.MACHINE_OTHER_SUBJECT in codes(facts)
    assert Code.WRITTEN_BY_MACHINE in codes(facts)


def test_a_no_reply_sender_whose_mail_says_nothing_of_automatic_is_a_machine():
    assert outcome(mail(sender=FROM_ROBOT)).flags == {Flag.AUTOMATIC}


def test_a_third_teams_ticket_is_no_candidate():
    tickets = (ticket(1, team_id=WAREHOUSE, received_by_team_id=SALES),)
    assert isinstance(outcome(mail(open_tickets=tickets)), NewTicket)

"""Which ticket a mail joins by reference, and what proves it."""

from dataclasses import replace

import pytest

from emailhub.rules.codes import Code
from emailhub.rules.decision import Append, Duplicate, Flag, Hold, HoldReason, NewTicket
from emailhub.rules.facts import Contact, Reference, ReferenceKind, Verdict
from tests.rules.cast import (
    CARLA,
    FROM_CARLA,
    FROM_JON,
    FROM_MALLORY,
    FROM_NOBODY,
    FROM_OURSELVES,
    FROM_ROBOT,
    SALES,
    SERVICE,
    answer,
    closed,
    codes,
    mail,
    outcome,
    ticket,
)

OUR, TOKEN, RECEIVED, LATE_PARENT, ANCESTOR, SUBJECT = ReferenceKind
SECRETS = (OUR, TOKEN)
PASS, NONE, FAIL = Verdict
JONS = {"sender": FROM_JON}
WITH_JON = ticket(sender_takes_part=True)


@pytest.mark.parametrize("verdict", [PASS, NONE])
@pytest.mark.parametrize("kind", ReferenceKind)
def test_every_reference_of_somebody_who_takes_part_joins(kind, verdict):
    decision = outcome(answer(WITH_JON, kind, sender=FROM_JON, verdict=verdict))
    assert decision == Append(WITH_JON.id)


@pytest.mark.parametrize("kind", ReferenceKind)
def test_the_customer_takes_part_by_the_contact_card_whatever_address_wrote(kind):
    assert outcome(answer(ticket(sender_takes_part=False), kind)) == Append(100)


@pytest.mark.parametrize("verdict", [PASS, NONE])
@pytest.mark.parametrize("kind", SECRETS)
def test_a_stranger_who_knows_our_secret_joins_with_a_flag(kind, verdict):
    decision = outcome(answer(ticket(), kind, sender=FROM_MALLORY, verdict=verdict))
    assert isinstance(decision, Append)
    assert decision.flags == {Flag.NEW_PERSON}
    assert Code.NEW_PERSON in codes(answer(ticket(), kind, sender=FROM_MALLORY))


@pytest.mark.parametrize("known_contacts_only", [True, False])
@pytest.mark.parametrize("kind", SECRETS)
def test_a_stranger_with_our_secret_who_fails_is_held_even_where_strangers_are_welcome(
    kind, known_contacts_only
):
    facts = answer(ticket(), kind, sender=FROM_MALLORY, verdict=FAIL, known_contacts_only=known_contacts_only)
    assert outcome(facts) == Hold(HoldReason.NOT_VERIFIED, could_join=100)
    assert codes(facts)[-1] is Code.HELD_NOT_VERIFIED


@pytest.mark.parametrize("kind", SECRETS)
def test_a_verified_forwarder_excuses_the_stranger_who_fails(kind):
    facts = answer(ticket(), kind, sender=FROM_MALLORY, verdict=FAIL, verified_forwarder=True)
    decision = outcome(facts)
    assert isinstance(decision, Append)
    assert decision.flags == {Flag.NEW_PERSON}
    assert not decision.join_people
    assert Code.FORWARDER_VERIFIED in codes(facts)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("kind", [RECEIVED, ANCESTOR, SUBJECT, LATE_PARENT])
def test_what_others_know_too_proves_nothing_for_a_stranger(kind, verdict):
    facts = answer(ticket(), kind, sender=FROM_MALLORY, verdict=verdict)
    decision = outcome(facts)
    assert isinstance(decision, NewTicket)
    assert decision.contact_id is None
    assert Code.REFERENCE_NOT_PROVED in codes(facts)


@pytest.mark.parametrize(("kind", "offered"), [(RECEIVED, 100), (SUBJECT, 100), (ANCESTOR, None)])
def test_the_advisor_is_offered_the_ticket_that_a_stranger_names_but_not_a_newsletters(kind, offered):
    assert outcome(answer(ticket(), kind, sender=FROM_MALLORY)).could_join == offered


def test_contacts_who_answer_the_same_newsletter_each_get_a_ticket():
    for number in range(3):
        reader = replace(FROM_MALLORY, contact=Contact(30 + number, "Reader", confirmed=True))
        decision = outcome(answer(ticket(subject="news"), ANCESTOR, sender=reader, subject="news"))
        assert isinstance(decision, NewTicket)
        assert decision.contact_id == 30 + number


def test_an_earlier_message_that_names_this_one_takes_it_if_a_recipient_takes_part():
    decision = outcome(answer(ticket(recipient_takes_part=True), LATE_PARENT, sender=FROM_MALLORY))
    assert isinstance(decision, Append)
    assert decision.flags == {Flag.NEW_PERSON}


@pytest.mark.parametrize("kind", [LATE_PARENT, ANCESTOR, SUBJECT])
def test_a_forged_participant_proves_nothing_by_a_guessable_reference(kind):
    on_it = ticket(sender_takes_part=True, recipient_takes_part=True)
    assert isinstance(outcome(answer(on_it, kind, sender=FROM_JON, verdict=FAIL)), NewTicket)
    assert isinstance(outcome(answer(on_it, kind, verdict=FAIL)), NewTicket)


@pytest.mark.parametrize("kind", [OUR, TOKEN, RECEIVED])
def test_a_participant_who_fails_is_appended_with_a_flag_and_brings_nobody(kind):
    decision = outcome(answer(WITH_JON, kind, sender=FROM_JON, verdict=FAIL))
    assert decision == Append(100, join_people=False, flags=frozenset({Flag.NOT_VERIFIED}))


@pytest.mark.parametrize("kind", [RECEIVED, ANCESTOR, SUBJECT])
@pytest.mark.parametrize("nobody", [FROM_NOBODY, FROM_OURSELVES])
def test_a_sender_that_cannot_be_read_takes_part_in_nothing(kind, nobody):
    nobody = replace(nobody, contact=CARLA)
    assert not isinstance(outcome(answer(WITH_JON, kind, sender=nobody)), Append)


@pytest.mark.parametrize("nobody", [FROM_NOBODY, FROM_OURSELVES])
def test_a_sender_that_cannot_be_read_still_joins_by_our_secret(nobody):
    decision = outcome(answer(WITH_JON, sender=nobody))
    assert decision.ticket_id == 100
    assert decision.flags == {Flag.NEW_PERSON, Flag.UNREADABLE_SENDER}


def test_being_the_customer_by_a_shared_address_is_no_proof():
    shared = replace(FROM_ROBOT, robot=False, contact=replace(CARLA, shared_sender=True))
    assert isinstance(outcome(answer(ticket(), SUBJECT, sender=shared)), NewTicket)


def test_somebody_known_only_from_a_bcc_needs_our_secret():
    hidden = ticket(sender_takes_part=True, sender_was_bcc_only=True)
    for kind in (RECEIVED, LATE_PARENT, ANCESTOR, SUBJECT):
        assert isinstance(outcome(answer(hidden, kind, **JONS)), NewTicket)


@pytest.mark.parametrize("nobody", [FROM_NOBODY, FROM_OURSELVES])
def test_a_sender_that_cannot_be_read_was_not_in_bcc_either(nobody):
    hidden = ticket(sender_takes_part=True, sender_was_bcc_only=True)
    assert Flag.WAS_BCC not in outcome(answer(hidden, sender=nobody)).flags
    assert isinstance(outcome(answer(hidden, sender=nobody, verdict=FAIL)), Hold)


def test_a_forward_that_hides_the_sender_is_held_with_the_ticket_that_it_names():
    facts = answer(ticket(), RECEIVED, sender=FROM_OURSELVES)
    assert outcome(facts) == Hold(HoldReason.UNREADABLE_SENDER, could_join=100)
    assert codes(facts)[0] is Code.SENDER_HIDDEN


# Several references


def test_in_reply_to_wins_over_references():
    named = Reference(RECEIVED, ticket(1, sender_takes_part=True), named_in_reply_to=True)
    facts = mail(sender=FROM_JON, references=(Reference(OUR, ticket(2)), named))
    assert outcome(facts).ticket_id == 1
    assert Code.OTHER_TICKET_NAMED in codes(facts)


def test_an_unproved_in_reply_to_does_not_hide_a_proved_reference():
    named = Reference(RECEIVED, ticket(1), named_in_reply_to=True)
    facts = mail(sender=FROM_MALLORY, references=(named, Reference(OUR, ticket(2))))
    assert outcome(facts).ticket_id == 2


def test_the_stronger_kind_wins_then_the_newer_id():
    on_it = {"sender_takes_part": True}
    kinds = [SUBJECT, ANCESTOR, LATE_PARENT, TOKEN, RECEIVED]
    references = tuple(Reference(kind, ticket(n, **on_it)) for n, kind in enumerate(kinds, start=1))
    for count in range(1, len(kinds) + 1):
        assert outcome(mail(sender=FROM_JON, references=references[:count])).ticket_id == count
    assert outcome(mail(references=(Reference(OUR, ticket(8)), Reference(OUR, ticket(9))))).ticket_id == 8


def test_a_mail_to_two_teams_answers_the_ticket_of_each():
    sold = ticket(1, team_id=SALES, received_by_team_id=SALES)
    served = ticket(2)
    references = (
        Reference(OUR, sold, named_in_reply_to=True),
        Reference(RECEIVED, served, named_in_reply_to=True),
    )
    assert outcome(mail(references=references, team_id=SALES)).ticket_id == 1
    assert outcome(mail(references=references, team_id=SERVICE)).ticket_id == 2


def test_a_ticket_that_moved_to_another_team_still_gets_its_replies():
    moved = ticket(team_id=SALES)
    assert outcome(answer(moved)).ticket_id == moved.id
    assert outcome(answer(replace(moved, received_by_team_id=SALES))).ticket_id == moved.id


def test_the_mail_of_another_team_does_not_join_the_ticket_that_sent_it():
    theirs = ticket(1, team_id=SALES, received_by_team_id=SALES, sent_this_mail=True)
    ours = ticket(2, sender_takes_part=True)
    both = (Reference(OUR, theirs, named_in_reply_to=True), Reference(RECEIVED, ours, named_in_reply_to=True))
    facts = mail(sender=FROM_JON, references=both)
    assert outcome(facts).ticket_id == 2
    assert Code.SENT_BY_THAT_TICKET in codes(facts)
    assert isinstance(outcome(mail(sender=FROM_JON, references=both[:1])), NewTicket)


@pytest.mark.parametrize("on_it", [{}, {"sender_takes_part": True}])
def test_one_ticket_never_holds_a_mail_twice(on_it):
    facts = answer(ticket(holds_copy=9, **on_it))
    assert outcome(facts) == Duplicate(9)
    assert codes(facts)[-1] is Code.DUPLICATE
    assert outcome(mail(open_tickets=(ticket(holds_copy=9, **on_it),))) == Duplicate(9)


def test_a_changed_subject_still_joins_and_is_shown():
    named = Reference(OUR, ticket(), subject="pump leaks")
    assert outcome(mail(references=(named,), subject="invoice")).flags == {Flag.SUBJECT_CHANGED}
    assert outcome(mail(references=(named,), subject="pump leaks")).flags == frozenset()
    assert outcome(mail(references=(named,), subject="")).flags == frozenset()
    assert outcome(mail(references=(replace(named, subject=""),), subject="invoice")).flags == frozenset()


def test_the_trace_of_a_reply_names_the_ticket_and_the_proof():
    assert codes(answer()) == [Code.REFERENCE_PROVED, Code.APPENDED]
    assert codes(answer(closed())) == [Code.REFERENCE_PROVED, Code.REOPENED]


def test_a_message_id_that_was_used_before_is_filed_by_itself_and_flagged():
    assert outcome(mail(message_id_reused=True)).flags == {Flag.SAME_MESSAGE_ID}
    assert outcome(answer(message_id_reused=True)).flags == {Flag.SAME_MESSAGE_ID}
    assert Code.MESSAGE_ID_REUSED in codes(mail(message_id_reused=True))


def test_a_recovered_sender_is_shown():
    recovered = replace(FROM_CARLA, recovered=True)
    assert outcome(mail(sender=recovered)).flags == {Flag.RECOVERED_SENDER}
    assert outcome(answer(sender=recovered)).flags == {Flag.RECOVERED_SENDER}
    assert codes(mail(sender=recovered))[0] is Code.SENDER_RECOVERED


def test_the_mail_of_one_team_and_the_answer_of_another_make_one_ticket_in_each():
    asked = ticket(1, sender_takes_part=True)  # Service asked Sales from this ticket
    sold = ticket(2, team_id=SALES, received_by_team_id=SALES, sent_this_mail=True)  # Sales answers from this
    references = (
        Reference(RECEIVED, sold, named_in_reply_to=True),
        Reference(OUR, asked, named_in_reply_to=True),
    )
    assert outcome(mail(sender=FROM_JON, team_id=SERVICE, references=references)).ticket_id == 1

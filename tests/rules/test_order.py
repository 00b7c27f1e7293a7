"""What needs no ticket, and that each step comes before the next."""

import pytest

from emailhub.rules.codes import Code
from emailhub.rules.decision import DeliveryReport, Duplicate, Hold, HoldReason, Ignore, Loop, SetUpMail
from emailhub.rules.facts import Action, Verdict
from tests.rules.cast import (
    FROM_MALLORY,
    FROM_OURSELVES,
    FROM_SALES,
    SERVICE,
    answer,
    codes,
    mail,
    outcome,
    rule,
)

STEPS = [
    ({"duplicate_of": 5}, Duplicate(5), Code.DUPLICATE),
    ({"our_message_returned_to_sender": True}, Loop(), Code.LOOP),
    ({"set_up": "gmail_confirmation"}, SetUpMail("gmail_confirmation"), Code.SET_UP_MAIL),
    ({"is_report": True}, DeliveryReport(), Code.DELIVERY_REPORT),
    ({"hub_enabled": False}, Hold(HoldReason.HUB_OFF), Code.HELD_HUB_OFF),
    ({"sender": FROM_OURSELVES}, Hold(HoldReason.UNREADABLE_SENDER), Code.HELD_UNREADABLE_SENDER),
    ({"possible_loop": True}, Hold(HoldReason.POSSIBLE_LOOP), Code.HELD_POSSIBLE_LOOP),
    ({"rule": rule(Action.IGNORE)}, Ignore(7), Code.IGNORED),
    (
        {"sender": FROM_MALLORY, "known_contacts_only": True},
        Hold(HoldReason.UNKNOWN_SENDER),
        Code.HELD_UNKNOWN_SENDER,
    ),
]


@pytest.mark.parametrize(("changes", "expected", "code"), STEPS)
def test_each_step_can_end_the_decision(changes, expected, code):
    facts = mail(**changes)
    assert outcome(facts) == expected
    assert codes(facts)[-1] is code


EXCEPTIONS = [(1, 2)]  # a probe is our own message, and meant to come back


@pytest.mark.parametrize(
    ("earlier", "later"),
    [(i, j) for i in range(len(STEPS)) for j in range(i + 1, len(STEPS)) if (i, j) not in EXCEPTIONS],
)
def test_the_earlier_step_wins(earlier, later):
    changes = STEPS[later][0] | STEPS[earlier][0]
    assert outcome(mail(**changes)) == STEPS[earlier][1]


def test_a_probe_that_comes_back_to_its_sender_is_set_up_mail_and_no_loop():
    assert outcome(mail(our_message_returned_to_sender=True, set_up="probe")) == SetUpMail("probe")


def test_a_message_of_another_team_of_ours_is_ordinary_mail():
    decision = outcome(mail(sender=FROM_SALES))
    assert (decision.team_id, decision.needs_reply, decision.flags) == (SERVICE, True, frozenset())


@pytest.mark.parametrize("verdict", Verdict)
def test_neither_copies_nor_loops_nor_reports_depend_on_the_verdict(verdict):
    for changes, expected, _ in STEPS[:5]:
        assert outcome(answer(verdict=verdict, **changes)) == expected

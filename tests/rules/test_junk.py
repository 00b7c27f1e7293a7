"""What is held as junk, and what a person may let out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emailhub.rules.codes import Code
from emailhub.rules.decide import decide
from emailhub.rules.decision import Append, Hold, HoldReason, NewTicket
from emailhub.rules.facts import Action, Facts, Verdict
from tests.rules.cast import (
    FROM_JON,
    FROM_MALLORY,
    FROM_OURSELVES,
    answer,
    codes,
    mail,
    outcome,
    rule,
    ticket,
)

JUNK = HoldReason.JUNK
OPEN = ticket(sender_takes_part=True)


def test_what_the_trusted_filter_calls_junk_is_held() -> None:
    assert outcome(mail(junk=True, sender=FROM_MALLORY)) == Hold(JUNK)
    assert codes(mail(junk=True, sender=FROM_MALLORY)) == [Code.FILTER_SAYS_JUNK, Code.HELD_JUNK]


def test_the_filter_is_not_believed_against_a_participant_who_answers() -> None:
    assert isinstance(outcome(answer(OPEN, junk=True)), Append)
    assert isinstance(outcome(answer(OPEN, junk=True, sender=FROM_JON)), Append)


def test_the_filter_is_believed_against_somebody_who_only_knows_our_id() -> None:
    assert isinstance(outcome(answer(ticket(), junk=True, sender=FROM_MALLORY)), Hold)


def test_a_known_contact_whose_check_passed_is_believed() -> None:
    facts = mail(junk=True, verdict=Verdict.PASS)
    assert isinstance(outcome(facts), NewTicket)
    assert Code.JUNK_BUT_KNOWN in codes(facts)
    assert outcome(mail(junk=True)) == Hold(JUNK)


def test_who_is_blocked_is_held_even_with_an_answer() -> None:
    for facts in (mail(blocked="farm.example"), answer(OPEN, blocked="carla@farm.example")):
        assert isinstance(outcome(facts), Hold)
        assert codes(facts)[-2:] == [Code.SENDER_BLOCKED, Code.HELD_JUNK]


def test_junk_is_held_and_not_ignored() -> None:
    assert outcome(mail(junk=True, rule=rule(Action.IGNORE))) == Hold(JUNK)


KEPT_BACK = {
    "junk": mail(junk=True),
    "blocked": mail(blocked="farm.example"),
    "stranger": mail(known_contacts_only=True, sender=FROM_MALLORY),
    "loop": mail(possible_loop=True),
    "forward that hides who wrote": mail(sender=FROM_OURSELVES),
    "ignored": mail(rule=rule(Action.IGNORE)),
    "betrayed secret": answer(ticket(), sender=FROM_MALLORY, verdict=Verdict.FAIL),
}


@pytest.mark.parametrize("name", KEPT_BACK)
def test_what_a_person_lets_out_makes_a_ticket(name: str) -> None:
    facts = KEPT_BACK[name]
    assert not isinstance(outcome(facts), NewTicket)
    assert isinstance(outcome(replace(facts, released=True)), NewTicket)


def test_what_a_person_lets_out_still_goes_where_a_route_says() -> None:
    facts = mail(
        known_contacts_only=True,
        sender=FROM_MALLORY,
        rule=rule(Action.ROUTE_TO_TEAM, team_id=2),
        released=True,
    )
    decision = outcome(facts)
    assert isinstance(decision, NewTicket)
    assert decision.team_id == 2
    assert Code.GATE_OPENED in codes(facts)


def test_nothing_is_let_out_of_a_team_that_is_switched_off() -> None:
    facts: Facts = mail(hub_enabled=False, released=True)
    assert decide(facts)[0] == Hold(HoldReason.HUB_OFF)

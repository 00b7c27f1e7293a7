"""Facts and letters come back from JSON as they were."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings

from emailhub.rules.decide import decide
from emailhub.rules.facts import Facts
from emailhub.rules.matching import Field, Letter
from emailhub.rules.stored import dump_facts, dump_letter, load_facts, load_letter
from tests.rules.cast import mail, ticket
from tests.rules.strategies import FACTS
from tests.rules.test_review import LETTERS


@settings(max_examples=100, deadline=None)
@given(facts=FACTS)
def test_facts_come_back_and_are_decided_on_alike(facts: Facts) -> None:
    back = load_facts(json.loads(json.dumps(dump_facts(facts))))
    assert back == facts
    assert decide(back) == decide(facts)


@given(letter=LETTERS)
def test_a_letter_comes_back_with_the_body_that_is_handed_in(letter: Letter) -> None:
    for field in Field:  # what rules have asked of it is not stored with it
        letter.values(field)
    stored = json.loads(json.dumps(dump_letter(letter)))
    assert "body" not in stored
    assert load_letter(stored, letter.body) == letter


def test_what_has_its_default_takes_no_room() -> None:
    assert len(json.dumps(dump_facts(mail()))) < 500


def test_a_field_of_a_later_version_is_left_out() -> None:
    assert load_facts({**dump_facts(mail()), "of_a_later_version": 1}) == mail()


def test_of_very_many_open_tickets_the_nearest_are_kept() -> None:
    many = replace(mail(), open_tickets=tuple(ticket(id) for id in range(1, 201)))
    assert len(load_facts(dump_facts(many)).open_tickets) == 50

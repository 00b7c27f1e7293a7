"""What is said of rules before any mail comes: never anything that a mail could disprove."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailhub.rules.facts import Action
from emailhub.rules.matching import OPERATORS, Condition, Field, Letter, Operator, Rule, rule_matches
from emailhub.rules.review import Finding, Kind, is_impossible, review, takes_all_of

WORDS = st.sampled_from(["a", "b", "ab", "ba", "a.b", "b.a", "x@a.b", "x@b", "aab", "yes", "no"])
TEXTS = st.sampled_from(["", "a", "b", "ab", "ba", "a.b", "b.a.b", "aab", "x@a.b", "bb"])
MANY = st.lists(TEXTS, max_size=3).map(tuple)
LETTERS = st.builds(
    Letter,
    sender_address=st.sampled_from(["", "x@a.b", "x@b", "y@b.a.b", "a@b"]),
    sender_name=TEXTS,
    subject=TEXTS,
    body=TEXTS,
    received_at=MANY,
    recipients=MANY,
    has_attachment=...,
    automatic=...,
    segments=MANY,
    organisation=TEXTS,
    account_number=TEXTS,
)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from([Field.SUBJECT, Field.RECIPIENT, Field.SENDER_DOMAIN, Field.AUTOMATIC]))
    operator = draw(st.sampled_from(OPERATORS[field]))
    return Condition(field, operator, tuple(draw(st.lists(WORDS, min_size=1, max_size=2))))


RULES = st.builds(
    Rule,
    id=st.integers(1, 3),
    conditions=st.lists(conditions(), min_size=1, max_size=3).map(tuple),
    action=st.sampled_from(Action),
    match_all=...,
)
many = settings(max_examples=300, deadline=None)


def asked(field: str, operator: str, *values: str) -> Condition:
    return Condition(Field(field), Operator(operator), values)


def rule(id: int, *given: Condition, **changes: object) -> Rule:
    return replace(Rule(id, given, Action.IGNORE), **changes)  # type: ignore[arg-type]


@many
@given(upper=RULES, lower=RULES, letter=LETTERS)
def test_what_a_rule_above_is_said_to_take_it_takes(upper: Rule, lower: Rule, letter: Letter) -> None:
    if takes_all_of(upper, lower) and rule_matches(lower, letter):
        assert rule_matches(upper, letter)


@many
@given(tried=RULES, letter=LETTERS)
def test_what_is_said_to_match_nothing_matches_nothing(tried: Rule, letter: Letter) -> None:
    if is_impossible(tried):
        assert not rule_matches(tried, letter)


@many
@given(rules=st.lists(RULES, max_size=4))
def test_a_review_is_always_the_same_and_names_rules_above(rules: list[Rule]) -> None:
    distinct = list({each.id: each for each in rules}.values())
    found = review(distinct)
    assert found == review(distinct)
    order = [each.id for each in distinct]
    for id, findings in found.items():
        assert all(f.other is None or order.index(f.other) < order.index(id) for f in findings)


TAKEN = [
    (asked("subject", "contains", "pump"), asked("subject", "is", "the pump leaks")),
    (asked("subject", "contains", "pump"), asked("subject", "contains", "pumps")),
    (asked("subject", "contains", "pump", "lamp"), asked("subject", "starts_with", "lamps")),
    (
        asked("sender_domain", "is_or_subdomain", "farm.example"),
        asked("sender_domain", "is", "x.farm.example"),
    ),
    (asked("sender_address", "ends_with", "example"), asked("sender_address", "is", "a@farm.example")),
    (asked("subject", "does_not_contain", "pumps"), asked("subject", "does_not_contain", "pump")),
    (asked("subject", "does_not_contain", "lamp"), asked("subject", "is", "pump")),
]


@pytest.mark.parametrize(("wide", "narrow"), TAKEN)
def test_a_rule_below_a_wider_one_never_has_its_turn(wide: Condition, narrow: Condition) -> None:
    lower = rule(2, narrow, action=Action.CREATE_NEW)
    assert review([rule(1, wide), lower]) == {2: [Finding(Kind.SHADOWED, 1)]}
    assert review([lower, rule(1, wide)]) == {}


def test_the_same_conditions_with_another_action_contradict() -> None:
    upper, lower = (rule(id, asked("subject", "contains", "pump")) for id in (1, 2))
    lower = replace(lower, action=Action.CREATE_NEW)
    assert review([upper, lower]) == {2: [Finding(Kind.CONTRADICTS, 1)]}


def test_the_same_conditions_with_the_same_action_are_redundant() -> None:
    rules = [rule(id, asked("subject", "contains", "pump")) for id in (1, 2)]
    assert review(rules) == {2: [Finding(Kind.REDUNDANT, 1)]}


def test_any_of_two_takes_each_of_the_two() -> None:
    one, two = asked("subject", "contains", "pump"), asked("sender_name", "is", "Carla")
    upper = rule(1, one, two, match_all=False)
    assert set(review([upper, rule(2, one), rule(3, two, one)])) == {2, 3}
    assert review([rule(4, one, two), rule(2, one)]) == {}


IMPOSSIBLE = [
    (asked("subject", "is", "a"), asked("subject", "is", "b")),
    (asked("subject", "contains", "pumps"), asked("subject", "does_not_contain", "pump")),
    (asked("automatic", "is", "yes"), asked("automatic", "is", "no")),
]


@pytest.mark.parametrize("pair", IMPOSSIBLE)
def test_conditions_that_exclude_each_other_are_pointed_out(pair: tuple[Condition, Condition]) -> None:
    assert review([rule(1, *pair)]) == {1: [Finding(Kind.IMPOSSIBLE)]}
    assert review([rule(1, *pair, match_all=False)]) == {}


def test_a_mail_may_have_two_recipients_so_that_is_not_impossible() -> None:
    both = (asked("recipient", "is", "a@b.example"), asked("recipient", "is", "c@d.example"))
    assert review([rule(1, *both)]) == {}


def test_a_rule_whose_target_is_gone_is_broken() -> None:
    assert review([rule(1, asked("subject", "contains", "a"), broken=True)]) == {1: [Finding(Kind.BROKEN)]}

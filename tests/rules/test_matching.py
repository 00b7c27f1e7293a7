"""Which rule matches which mail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emailhub.rules.facts import Action
from emailhub.rules.matching import (
    MANY_VALUED,
    OPERATORS,
    Condition,
    Field,
    Letter,
    Operator,
    Rule,
    first_match,
    fold,
    holds,
    rule_matches,
)

CARLA = Letter(
    sender_address="carla@farm.example",
    sender_name="Carla Núñez",
    subject="Presupuesto para la bomba",
    body="Buenos días,\n\nla  BOMBA pierde   agua.",
    received_at=("service.dealer@hub.example",),
    recipients=("service.dealer@hub.example", "jon@workshop.example"),
    has_attachment=True,
    segments=("7",),
    organisation="Campo Verde S.L.",
    account_number="ES-0042",
)


def condition(field: str, operator: str, *values: str) -> Condition:
    return Condition(Field(field), Operator(operator), values)


def rule(*conditions: Condition, id: int = 1, match_all: bool = True) -> Rule:
    return Rule(id, conditions, Action.IGNORE, match_all=match_all)


YES = [
    ("sender_address", "is", "CARLA@farm.example"),
    ("sender_address", "starts_with", "carla@"),
    ("sender_address", "ends_with", ".example"),
    ("sender_address", "contains", "@farm"),
    ("sender_address", "does_not_contain", "noreply"),
    ("sender_domain", "is", "farm.example"),
    ("sender_domain", "is_or_subdomain", "example"),
    ("sender_domain", "is_or_subdomain", "farm.example"),
    ("sender_name", "contains", "nunez"),
    ("sender_name", "contains", "NÚÑEZ"),
    ("subject", "starts_with", "presupuesto"),
    ("subject", "ends_with", "Bomba"),
    ("subject", "is", "presupuesto  para la bomba"),
    ("body", "contains", "la bomba pierde agua"),
    ("body", "does_not_contain", "factura"),
    ("received_at", "is", "service.dealer@hub.example"),
    ("recipient", "is", "jon@workshop.example"),
    ("recipient", "contains", "workshop"),
    ("recipient", "does_not_contain", "farm"),
    ("has_attachment", "is", "yes"),
    ("segment", "is", "7"),
    ("organisation", "contains", "campo verde"),
    ("account_number", "starts_with", "es-"),
    ("automatic", "is", "no"),
]
NO = [
    ("sender_address", "is", "arla@farm.example"),
    ("sender_address", "starts_with", "farm"),
    ("sender_domain", "is", "example"),
    ("sender_domain", "is_or_subdomain", "arm.example"),
    ("sender_domain", "is_or_subdomain", "x.farm.example"),
    ("subject", "contains", "factura"),
    ("body", "does_not_contain", "agua"),
    ("received_at", "is", "parts.dealer@hub.example"),
    ("recipient", "does_not_contain", "workshop"),
    ("has_attachment", "is", "no"),
    ("segment", "is", "8"),
    ("automatic", "is", "yes"),
]


@pytest.mark.parametrize("asked", YES)
def test_these_conditions_hold(asked: tuple[str, ...]) -> None:
    assert holds(condition(*asked), CARLA)


@pytest.mark.parametrize("asked", NO)
def test_these_conditions_do_not_hold(asked: tuple[str, ...]) -> None:
    assert not holds(condition(*asked), CARLA)


def test_every_operator_of_every_field_is_asked_above() -> None:
    asked = {(field, operator) for field, operator, *_ in YES}
    assert {field for field, _ in asked} == set(Field)
    assert {operator for _, operator in asked} == set(Operator)


def test_any_of_several_values_is_enough() -> None:
    assert holds(condition("subject", "contains", "factura", "presupuesto"), CARLA)


def test_what_must_not_be_there_is_none_of_several_values() -> None:
    assert not holds(condition("subject", "does_not_contain", "factura", "presupuesto"), CARLA)


@pytest.mark.parametrize("field", [Field.SEGMENT, Field.RECIPIENT])
def test_of_a_mail_without_any_nothing_is_contained(field: Field) -> None:
    bare = Letter()
    assert not holds(Condition(field, Operator.CONTAINS, ("a",)), bare)
    assert holds(Condition(field, Operator.DOES_NOT_CONTAIN, ("a",)), bare)


def test_all_conditions_must_hold_or_any_of_them() -> None:
    one, other = condition("subject", "contains", "bomba"), condition("subject", "contains", "factura")
    assert not rule_matches(rule(one, other), CARLA)
    assert rule_matches(rule(one, other, match_all=False), CARLA)


@pytest.mark.parametrize("match_all", [True, False])
def test_a_rule_without_conditions_matches_nothing(match_all: bool) -> None:
    assert not rule_matches(rule(match_all=match_all), CARLA)


def test_the_uppermost_of_the_rules_that_match_counts() -> None:
    never = rule(condition("subject", "contains", "factura"), id=1)
    upper = rule(condition("subject", "contains", "bomba"), id=2)
    lower = rule(condition("sender_domain", "is", "farm.example"), id=3)
    assert first_match([never, upper, lower], CARLA) is upper
    assert first_match([never, lower, upper], CARLA) is lower
    assert first_match([never], CARLA) is None


def test_a_text_is_searched_only_as_far_as_its_limit() -> None:
    long = replace(CARLA, body="a" * 100_000 + "needle", _folded={})
    assert not holds(condition("body", "contains", "needle"), long)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÀÉÎõü", "aeiou"),
        ("  two\t words\n", "two words"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_texts_are_compared_without_case_accents_and_spacing(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_every_field_can_be_asked_something() -> None:
    assert set(OPERATORS) == set(Field)
    assert set(Field) > MANY_VALUED

"""What is wrong with a team's inbound rules, told from the rules alone: nobody has to wait for a mail.

All of it errs on the side of silence: what is said of a rule is certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from emailhub.rules.matching import MANY_VALUED, Condition, Operator, Rule


class Kind(StrEnum):
    BROKEN = "broken"  # its team or advisor is not there any more
    IMPOSSIBLE = "impossible"  # no mail can match it
    SHADOWED = "shadowed"  # a rule above takes every mail that it would match, and does something else
    REDUNDANT = "redundant"  # ... and does the same
    CONTRADICTS = "contradicts"  # the rule above asks for exactly the same mails, and does something else
    GATED = "gated"  # it wants tickets from senders whom the known-contacts toggle holds


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    other: int | None = None  # the rule above


def review(rules: Sequence[Rule]) -> dict[int, list[Finding]]:
    """Return by rule what is wrong with it. `rules` are those that are switched on, in their order."""
    findings: dict[int, list[Finding]] = {}
    for place, rule in enumerate(rules):
        found = _alone(rule) or _below(rules[:place], rule)
        if found:
            findings[rule.id] = found
    return findings


def _alone(rule: Rule) -> list[Finding]:
    found = [Finding(Kind.BROKEN)] if rule.broken else []
    return [*found, Finding(Kind.IMPOSSIBLE)] if is_impossible(rule) else found


def _below(above: Sequence[Rule], rule: Rule) -> list[Finding]:
    other = next((other for other in above if takes_all_of(other, rule)), None)
    if other is None:
        return []
    if _effect(other) == _effect(rule):
        return [Finding(Kind.REDUNDANT, other.id)]
    same = takes_all_of(rule, other)
    return [Finding(Kind.CONTRADICTS if same else Kind.SHADOWED, other.id)]


def _effect(rule: Rule) -> tuple[object, ...]:
    return rule.action, rule.team_id, rule.advisor_id, rule.even_if_open, rule.also_replies


def takes_all_of(upper: Rule, lower: Rule) -> bool:
    """Return whether every mail that `lower` matches is certain to match `upper`."""
    if not upper.fields & lower.fields:
        return False
    if upper.match_all:
        return all(_implied(lower, (condition,)) for condition in upper.conditions)
    return _implied(lower, upper.conditions)


def _implied(lower: Rule, any_of: Sequence[Condition]) -> bool:
    """Return whether a mail that `lower` matches certainly meets one of the conditions."""
    answers = (any(implies(given, wanted) for wanted in any_of) for given in lower.conditions)
    return any(answers) if lower.match_all else all(answers)


def implies(given: Condition, wanted: Condition) -> bool:
    """Return whether every mail that meets `given` meets `wanted`."""
    if given.field is not wanted.field:
        return False
    if wanted.operator is Operator.DOES_NOT_CONTAIN:
        return _implies_absence(given, wanted)
    if given.operator is Operator.DOES_NOT_CONTAIN:
        return False
    return all(
        any(_narrower(given, value, wanted, other) for other in wanted.wanted) for value in given.wanted
    )


def _implies_absence(given: Condition, wanted: Condition) -> bool:
    if given.operator is Operator.DOES_NOT_CONTAIN:  # who lacks "pump" lacks "pumps" as well
        return all(any(lacking in value for lacking in given.wanted) for value in wanted.wanted)
    if given.operator is not Operator.IS or given.field in MANY_VALUED:
        return False
    return not any(absent in value for value in given.wanted for absent in wanted.wanted)


def _narrower(given: Condition, value: str, wanted: Condition, other: str) -> bool:
    """Return whether a text that is, starts with, contains ... `value` is what is wanted of `other`."""
    match wanted.operator:
        case Operator.CONTAINS:
            return other in value
        case Operator.IS:
            return given.operator is Operator.IS and value == other
        case Operator.STARTS_WITH:
            return given.operator in {Operator.IS, Operator.STARTS_WITH} and value.startswith(other)
        case Operator.ENDS_WITH:
            whole = given.operator in {Operator.IS, Operator.ENDS_WITH, Operator.IS_OR_SUBDOMAIN}
            return whole and value.endswith(other)
        case Operator.IS_OR_SUBDOMAIN:
            return given.operator in {Operator.IS, Operator.IS_OR_SUBDOMAIN} and (
                value == other or value.endswith(f".{other}")
            )
    return False


def is_impossible(rule: Rule) -> bool:
    """Return whether two of its conditions, all of which must hold, exclude each other."""
    return rule.match_all and any(_exclude(*pair) for pair in combinations(rule.conditions, 2))


def _exclude(one: Condition, other: Condition) -> bool:
    if one.field is not other.field:
        return False
    return _contradict(one, other) or _contradict(other, one) or _are_different(one, other)


def _contradict(one: Condition, other: Condition) -> bool:
    """Return whether whatever meets `one` contains what `other` forbids."""
    if other.operator is not Operator.DOES_NOT_CONTAIN or one.operator is Operator.DOES_NOT_CONTAIN:
        return False
    return all(any(absent in value for absent in other.wanted) for value in one.wanted)


def _are_different(one: Condition, other: Condition) -> bool:
    both_exact = one.operator is other.operator is Operator.IS and one.field not in MANY_VALUED
    return both_exact and not set(one.wanted) & set(other.wanted)

"""Which inbound rule a mail matches. One code for the pipeline, the test bench and the dry run.

A rule sees the mail and who its sender is to the company, never a ticket. Comparison knows neither case nor
accents nor the number of spaces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from emailhub.rules.facts import Action, RuleMatch

BODY_LIMIT = 100_000  # characters of a text in which a rule looks


class Field(StrEnum):
    """What a condition looks at."""

    SENDER_ADDRESS = "sender_address"
    SENDER_DOMAIN = "sender_domain"
    SENDER_NAME = "sender_name"
    SUBJECT = "subject"
    BODY = "body"
    RECEIVED_AT = "received_at"  # which of the team's addresses it came to
    RECIPIENT = "recipient"  # an address in To or CC
    HAS_ATTACHMENT = "has_attachment"
    SEGMENT = "segment"  # a label of the sender's contact
    ORGANISATION = "organisation"
    ACCOUNT_NUMBER = "account_number"
    AUTOMATIC = "automatic"


class Operator(StrEnum):
    """How a condition compares. Of several values any one will do; of `does_not_contain` none may occur."""

    IS = "is"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    CONTAINS = "contains"
    DOES_NOT_CONTAIN = "does_not_contain"
    IS_OR_SUBDOMAIN = "is_or_subdomain"


YES, NO = "yes", "no"
"""The values of a condition on something that is so or is not."""

_OF_TEXT = (
    Operator.CONTAINS,
    Operator.DOES_NOT_CONTAIN,
    Operator.IS,
    Operator.STARTS_WITH,
    Operator.ENDS_WITH,
)
OPERATORS: Mapping[Field, tuple[Operator, ...]] = {
    Field.SENDER_ADDRESS: (Operator.IS, *(each for each in _OF_TEXT if each is not Operator.IS)),
    Field.SENDER_DOMAIN: (Operator.IS_OR_SUBDOMAIN, Operator.IS),
    Field.SENDER_NAME: _OF_TEXT,
    Field.SUBJECT: _OF_TEXT,
    Field.BODY: (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN),
    Field.RECEIVED_AT: (Operator.IS,),
    Field.RECIPIENT: (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN, Operator.IS, Operator.ENDS_WITH),
    Field.HAS_ATTACHMENT: (Operator.IS,),
    Field.SEGMENT: (Operator.IS,),
    Field.ORGANISATION: _OF_TEXT,
    Field.ACCOUNT_NUMBER: _OF_TEXT,
    Field.AUTOMATIC: (Operator.IS,),
}
"""What can be asked of each field; the first one is the usual question."""

FLAGS = frozenset({Field.HAS_ATTACHMENT, Field.AUTOMATIC})
"""What is so or is not: the values are YES and NO."""

MANY_VALUED = frozenset({Field.RECEIVED_AT, Field.RECIPIENT, Field.SEGMENT})
"""Of these a mail may have several, or none."""


@dataclass(frozen=True)
class Condition:
    """One question about a mail."""

    field: Field
    operator: Operator
    values: tuple[str, ...]

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """The values as they are compared."""
        return tuple(fold(value) for value in self.values)

    @cached_property
    def exactly(self) -> frozenset[str]:
        """The same, to be looked up."""
        return frozenset(self.wanted)


@dataclass(frozen=True)
class Rule:
    """An inbound rule of a team. Without conditions it matches nothing."""

    id: int
    conditions: tuple[Condition, ...]
    action: Action
    name: str = ""
    match_all: bool = True
    team_id: int | None = None  # of route_to_team
    advisor_id: int | None = None  # of route_to_advisor
    even_if_open: bool = False
    also_replies: bool = False
    broken: bool = False

    @cached_property
    def fields(self) -> frozenset[Field]:
        """What it looks at."""
        return frozenset(condition.field for condition in self.conditions)

    def as_match(self, *, broken: bool) -> RuleMatch:
        """The rule as decide() is told of it."""
        return RuleMatch(
            rule_id=self.id,
            action=self.action,
            name=self.name,
            team_id=self.team_id,
            advisor_id=self.advisor_id,
            even_if_open=self.even_if_open,
            also_replies=self.also_replies,
            broken=broken,
        )


@dataclass(frozen=True)
class Letter:
    """What inbound rules see of one delivery."""

    sender_address: str = ""
    sender_name: str = ""
    subject: str = ""
    body: str = ""
    received_at: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    has_attachment: bool = False
    automatic: bool = False
    segments: tuple[str, ...] = ()
    organisation: str = ""
    account_number: str = ""
    _folded: dict[Field, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def values(self, of: Field) -> tuple[str, ...]:
        """The values of a field as they are compared. Each is folded once, whatever the number of rules."""
        if of not in self._folded:
            self._folded[of] = tuple(fold(value) for value in _VALUES[of](self))
        return self._folded[of]


_VALUES: Mapping[Field, Callable[[Letter], Iterable[str]]] = {
    Field.SENDER_ADDRESS: lambda letter: (letter.sender_address,),
    Field.SENDER_DOMAIN: lambda letter: (letter.sender_address.rpartition("@")[2],),
    Field.SENDER_NAME: lambda letter: (letter.sender_name,),
    Field.SUBJECT: lambda letter: (letter.subject,),
    Field.BODY: lambda letter: (letter.body[:BODY_LIMIT],),
    Field.RECEIVED_AT: lambda letter: letter.received_at,
    Field.RECIPIENT: lambda letter: letter.recipients,
    Field.HAS_ATTACHMENT: lambda letter: (YES if letter.has_attachment else NO,),
    Field.SEGMENT: lambda letter: letter.segments,
    Field.ORGANISATION: lambda letter: (letter.organisation,),
    Field.ACCOUNT_NUMBER: lambda letter: (letter.account_number,),
    Field.AUTOMATIC: lambda letter: (YES if letter.automatic else NO,),
}


def first_match(rules: Iterable[Rule], letter: Letter) -> Rule | None:
    """Return the uppermost rule that matches. It alone counts."""
    return next((rule for rule in rules if rule_matches(rule, letter)), None)


def rule_matches(rule: Rule, letter: Letter) -> bool:
    """Return whether all of the rule's conditions hold, or any of them, as the rule says."""
    for condition in rule.conditions:
        answer = holds(condition, letter)
        if answer != rule.match_all:  # of all the first no decides, of any the first yes
            return answer
    return rule.match_all and bool(rule.conditions)


def holds(condition: Condition, letter: Letter) -> bool:
    """Return the answer to one question about the mail."""
    values = letter.values(condition.field)
    if condition.operator is Operator.IS:
        return not condition.exactly.isdisjoint(values)
    if condition.operator is Operator.DOES_NOT_CONTAIN:
        return not _any(_contains, values, condition.wanted)
    return _any(_TESTS[condition.operator], values, condition.wanted)


def fold(text: str) -> str:
    """Return a text without case and accents, its white space single."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(text.casefold().split())


Test = Callable[[str, str], bool]


def _any(test: Test, values: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return any(test(value, each) for value in values for each in wanted)


def _contains(value: str, wanted: str) -> bool:
    return wanted in value


def _is_or_subdomain(value: str, wanted: str) -> bool:
    return value == wanted or value.endswith(f".{wanted}")


_TESTS: Mapping[Operator, Test] = {
    Operator.STARTS_WITH: str.startswith,
    Operator.ENDS_WITH: str.endswith,
    Operator.CONTAINS: _contains,
    Operator.IS_OR_SUBDOMAIN: _is_or_subdomain,
}

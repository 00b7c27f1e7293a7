"""An inbound rule as its form has it: what was typed, and what a verb is told of it.

A condition's fields are numbered (`field-0`, `operator-0`, `values-0`); `values` comes once with a value a
line, or several times. Whatever was typed can be shown again, right or wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor, Team
from emailhub.desk.segments import segments_of
from emailhub.hub.models import HubAddress
from emailhub.hub.rules import RuleForm, target_advisors, target_teams
from emailhub.rules import Action
from emailhub.rules.matching import FLAGS, NO, OPERATORS, YES, Condition, Field, Operator

from . import rule_words

_NUMBERED = re.compile(r"field-(\d{1,3})\Z")
_EMPTY = ("subject", "contains", ())
_MOST_ROWS = 50
_CHOSEN = FLAGS | {Field.RECEIVED_AT, Field.SEGMENT}


@dataclass(frozen=True)
class Choice:
    """An option of a select, or a box to tick."""

    value: str
    label: str | Promise
    is_chosen: bool = False


@dataclass(frozen=True)
class ConditionRow:
    """A condition in the editor. Its values are typed, or chosen from `choices`."""

    index: int
    fields: list[Choice]
    operators: list[Choice]
    values: tuple[str, ...]
    choices: list[Choice]
    is_chosen: bool = False  # its values are chosen, even if there are none to choose from
    is_flag: bool = False  # of two choices one
    is_new: bool = False


@dataclass(frozen=True)
class Typed:
    """What stands in the editor: the form, and its rows as they were typed."""

    form: RuleForm
    rows: tuple[tuple[str, str, tuple[str, ...]], ...] = (_EMPTY,)
    new_row: int | None = None
    is_untouched: bool = False  # nobody has typed anything yet


@dataclass(frozen=True)
class Offered:
    """What the editor lets one choose from."""

    team: Team
    addresses: list[str] = field(default_factory=list)
    segments: list[tuple[str, str]] = field(default_factory=list)  # id, name
    teams: list[Team] = field(default_factory=list)
    advisors: list[Advisor] = field(default_factory=list)


def offered_to(team: Team) -> Offered:
    """All that this team's rules may name."""
    return Offered(
        team=team,
        addresses=list(HubAddress.objects.filter(team=team).order_by("id").values_list("address", flat=True)),
        segments=[(str(segment.pk), segment.name) for segment in segments_of(team.company)],
        teams=target_teams(team),
        advisors=target_advisors(team),
    )


def typed_from(form: RuleForm) -> Typed:
    """The editor of a stored rule."""
    rows = tuple((str(each.field), str(each.operator), each.values) for each in form.conditions)
    return Typed(form, rows or (_EMPTY,))


def new_rule() -> Typed:
    """The editor of a rule that is not there yet."""
    form = RuleForm(name="", conditions=(), action=Action.ROUTE_TO_ADVISOR)
    return Typed(form, is_untouched=True)


def read_typed(post: QueryDict) -> Typed:
    """What a form has sent. Conditions that cannot be read are in the rows and not in the form."""
    numbers = sorted(int(match[1]) for name in post if (match := _NUMBERED.match(name)))[:_MOST_ROWS]
    rows = tuple(_row(post, number) for number in numbers)
    form = RuleForm(
        name=post.get("name", "").strip(),
        conditions=tuple(condition for row in rows if (condition := _condition(*row))),
        action=_action(post.get("action", "")),
        match_all=post.get("match") != "any",
        to_team_id=_number(post.get("to_team")),
        to_advisor_id=_number(post.get("to_advisor")),
        even_if_open="even_if_open" in post,
        also_replies="also_replies" in post,
        enabled="enabled" in post,
    )
    return Typed(form, rows)


def with_change(typed: Typed, post: QueryDict) -> Typed:
    """The same with one condition more (`add`) or less (`remove` and its place)."""
    if "add" in post:
        return replace(typed, rows=(*typed.rows, _EMPTY), new_row=len(typed.rows))
    gone = _number(post.get("remove"))
    if gone is None:
        return typed
    return replace(typed, rows=tuple(row for place, row in enumerate(typed.rows) if place != gone))


def condition_rows(typed: Typed, offered: Offered) -> list[ConditionRow]:
    """The rows as the editor draws them."""
    return [
        _drawn(index, row, offered, is_new=index == typed.new_row) for index, row in enumerate(typed.rows)
    ]


def _row(post: QueryDict, number: int) -> tuple[str, str, tuple[str, ...]]:
    lines = (line.strip() for value in post.getlist(f"values-{number}") for line in value.splitlines())
    values = tuple(dict.fromkeys(line for line in lines if line))
    return post.get(f"field-{number}", ""), post.get(f"operator-{number}", ""), values


def _condition(of: str, operator: str, values: tuple[str, ...]) -> Condition | None:
    if of not in set(Field):
        return None
    known = Operator(operator) if operator in set(Operator) else OPERATORS[Field(of)][0]
    fitting = known if known in OPERATORS[Field(of)] else OPERATORS[Field(of)][0]
    return Condition(Field(of), fitting, values)


def _drawn(
    index: int, row: tuple[str, str, tuple[str, ...]], offered: Offered, *, is_new: bool
) -> ConditionRow:
    condition = _condition(*row) or Condition(Field.SUBJECT, Operator.CONTAINS, ())
    return ConditionRow(
        index=index,
        fields=[Choice(key, label, key == condition.field) for key, label in rule_words.FIELDS.items()],
        operators=[
            Choice(key, rule_words.OPERATORS[key], key == condition.operator)
            for key in OPERATORS[condition.field]
        ],
        values=condition.values,
        choices=_choices(condition, offered),
        is_chosen=condition.field in _CHOSEN,
        is_flag=condition.field in FLAGS,
        is_new=is_new,
    )


def _choices(condition: Condition, offered: Offered) -> list[Choice]:
    if condition.field in FLAGS:
        wanted = condition.values or (YES,)
        return [Choice(value, _("Yes") if value == YES else _("No"), value in wanted) for value in (YES, NO)]
    if condition.field is Field.RECEIVED_AT:
        return [Choice(address, address, address in condition.values) for address in offered.addresses]
    if condition.field is Field.SEGMENT:
        return [Choice(id_, name, id_ in condition.values) for id_, name in offered.segments]
    return []


def _action(value: str) -> Action:
    return Action(value) if value in set(Action) else Action.CREATE_NEW


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 19 else None

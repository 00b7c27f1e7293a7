"""Change a team's inbound rules, and read them for a page. Workers read them by hub.policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from emailhub import mail
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Role, Team
from emailhub.accounts.permissions import may_manage, require
from emailhub.rules import Action, matching
from emailhub.rules.matching import Condition, Field, Operator

from .inbound_rule import InboundRule
from .models import HubAddress, Identity
from .policy import changed
from .rule_errors import (
    BadConditionError,
    BadTargetError,
    NoConditionError,
    NoNameError,
    NotOwnAddressError,
    TooManyRulesError,
)

MOST_RULES = 1000
MOST_CONDITIONS = 20
MOST_VALUES = 200
LONGEST_VALUE = 200
_ROUTES = frozenset({Action.ROUTE_TO_TEAM, Action.ROUTE_TO_ADVISOR})


@dataclass(frozen=True)
class RuleForm:
    """An inbound rule as its page describes it."""

    name: str
    conditions: tuple[Condition, ...]
    action: Action
    match_all: bool = True
    to_team_id: int | None = None
    to_advisor_id: int | None = None
    even_if_open: bool = False
    also_replies: bool = False
    enabled: bool = True


def rules_of(team: Team) -> list[InboundRule]:
    """The team's rules, the uppermost first."""
    rows = InboundRule.objects.filter(team=team).select_related("to_team", "to_advisor__user")
    return list(rows.order_by("position"))


def form_of(rule: InboundRule) -> RuleForm:
    """What the page of a rule starts with."""
    return RuleForm(
        name=rule.name,
        conditions=rule.read_conditions(),
        action=Action(rule.action),
        match_all=rule.match_all,
        to_team_id=rule.to_team_id,
        to_advisor_id=rule.to_advisor_id,
        even_if_open=rule.even_if_open,
        also_replies=rule.also_replies,
        enabled=rule.enabled,
    )


def create_rule(team: Team, form: RuleForm, *, by: Advisor, now: datetime) -> InboundRule:
    """Put a new rule on top of the others. Raises NotPermittedError, RuleError."""
    require(may_manage(by, team))
    form = checked(team, form)
    others = _locked(team)
    if len(others) >= MOST_RULES:
        raise TooManyRulesError
    rule = InboundRule(company_id=team.company_id, team=team)
    _fill(rule, form)
    for place, other in enumerate(others, start=1):
        other.position = place
    InboundRule.objects.bulk_update(others, ["position"])
    rule.save()
    changed(team)
    added = audit.Action.ADDED
    audit.record(audit.Kind.RULE, rule.name, by=by, at=now, team=team, action=added, **_changes(None, rule))
    return rule


def edit_rule(rule: InboundRule, form: RuleForm, *, by: Advisor, now: datetime) -> None:
    """Change what a rule says; its place stays. Raises NotPermittedError, RuleError."""
    require(may_manage(by, rule.team))
    form = checked(rule.team, form)
    before = InboundRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    _fill(rule, form)
    rule.broken_since = None
    rule.save()
    changed(rule.team)
    audit.record(audit.Kind.RULE, rule.name, by=by, at=now, team=rule.team, **_changes(before, rule))


def switch_rule(rule: InboundRule, enabled: bool, *, by: Advisor, now: datetime) -> None:
    """Switch a rule on or off. Raises NotPermittedError."""
    require(may_manage(by, rule.team))
    change = audit.Change(rule.enabled, enabled)
    rule.enabled = enabled
    rule.save(update_fields=["enabled"])
    changed(rule.team)
    audit.record(audit.Kind.RULE, rule.name, by=by, at=now, team=rule.team, enabled=change)


def move_rule(rule: InboundRule, to: int, *, by: Advisor, now: datetime) -> None:
    """Put a rule at another place, 0 being the top. Raises NotPermittedError."""
    require(may_manage(by, rule.team))
    ordered = _locked(rule.team)
    before = next(place for place, other in enumerate(ordered) if other.pk == rule.pk)
    moved = ordered.pop(before)
    to = max(0, min(to, len(ordered)))
    ordered.insert(to, moved)
    _renumber(ordered)
    rule.position = to
    changed(rule.team)
    change = audit.Change(before + 1, to + 1)
    audit.record(audit.Kind.RULE, rule.name, by=by, at=now, team=rule.team, position=change)


def delete_rule(rule: InboundRule, *, by: Advisor, now: datetime) -> None:
    """Remove a rule. What it did stays told. Raises NotPermittedError."""
    require(may_manage(by, rule.team))
    team, changes = rule.team, _changes(rule, None)
    rule.delete()
    _renumber(_locked(team))
    changed(team)
    audit.record(audit.Kind.RULE, rule.name, by=by, at=now, team=team, action=audit.Action.REMOVED, **changes)


def checked(team: Team, form: RuleForm) -> RuleForm:
    """The form as it may be stored, its values in normal form. Raises RuleError."""
    if not form.name.strip():
        raise NoNameError
    if not form.conditions:
        raise NoConditionError
    if len(form.conditions) > MOST_CONDITIONS:
        raise BadConditionError
    action, is_route = Action(form.action), Action(form.action) in _ROUTES
    return replace(
        form,
        name=" ".join(form.name.split())[:100],
        conditions=tuple(_checked_condition(team, condition) for condition in form.conditions),
        to_team_id=_checked_team(team, form) if action is Action.ROUTE_TO_TEAM else None,
        to_advisor_id=_checked_advisor(team, form) if action is Action.ROUTE_TO_ADVISOR else None,
        even_if_open=form.even_if_open and is_route,
        also_replies=form.also_replies and action is not Action.IGNORE,  # an answer is never ignored
    )


def _checked_condition(team: Team, condition: Condition) -> Condition:
    if condition.operator not in matching.OPERATORS[condition.field]:
        raise BadConditionError
    values = tuple(dict.fromkeys(_normal(condition, value) for value in condition.values if value.strip()))
    if not 0 < len(values) <= MOST_VALUES or not all(matching.fold(value) for value in values):
        raise NoConditionError
    if condition.field in matching.FLAGS and not set(values) <= {matching.YES, matching.NO}:
        raise BadConditionError
    if condition.field is Field.RECEIVED_AT:
        _require_own(team, values)
    return Condition(condition.field, condition.operator, values)


def _normal(condition: Condition, value: str) -> str:
    """A value as mails have it: a whole address in its normal form, a domain as A-labels without @."""
    value = " ".join(value.split())[:LONGEST_VALUE]
    whole = condition.operator in {Operator.IS, Operator.IS_OR_SUBDOMAIN}
    if condition.field is Field.SENDER_DOMAIN:
        domain = value.rpartition("@")[2].lstrip(".*")
        return mail.normal_address(f"x@{domain}").partition("@")[2] or domain
    if whole and condition.field in {Field.SENDER_ADDRESS, Field.RECIPIENT, Field.RECEIVED_AT}:
        return mail.normal_address(value) or value
    return value


def _require_own(team: Team, addresses: Sequence[str]) -> None:
    own = set(HubAddress.objects.filter(team=team).values_list("address", flat=True))
    if other := next((address for address in addresses if address not in own), None):
        raise NotOwnAddressError(other)


def _checked_team(team: Team, form: RuleForm) -> int:
    if form.to_team_id not in {each.id for each in target_teams(team)}:
        raise BadTargetError
    return form.to_team_id or 0


def _checked_advisor(team: Team, form: RuleForm) -> int:
    if form.to_advisor_id not in {each.id for each in target_advisors(team)}:
        raise BadTargetError
    return form.to_advisor_id or 0


def target_teams(team: Team) -> list[Team]:
    """To whom the team's mail may be routed: every team of the company with EmailHub, itself included."""
    return list(
        Team.objects.filter(company_id=team.company_id, identity__enabled=True).order_by("name", "pk")
    )


def target_advisors(team: Team) -> list[Advisor]:
    """Who may get the team's mail: its active members who may write."""
    members = Advisor.objects.filter(
        company_id=team.company_id, is_active=True, user__is_active=True, memberships__team=team
    )
    return list(members.exclude(role=Role.VIEW_ONLY).select_related("user").order_by("user__name", "pk"))


def as_rule(form: RuleForm, rule_id: int) -> matching.Rule:
    """A form as the pure rule that it describes."""
    return matching.Rule(
        id=rule_id,
        name=form.name,
        conditions=form.conditions,
        action=Action(form.action),
        match_all=form.match_all,
        team_id=form.to_team_id,
        advisor_id=form.to_advisor_id,
        even_if_open=form.even_if_open,
        also_replies=form.also_replies,
    )


def _locked(team: Team) -> list[InboundRule]:
    """The team's rules in order; nobody else changes them until the transaction ends."""
    Identity.objects.select_for_update().get(team=team)
    return list(InboundRule.objects.filter(team=team).order_by("position"))


def _renumber(ordered: Sequence[InboundRule]) -> None:
    for place, rule in enumerate(ordered):
        rule.position = place
    InboundRule.objects.bulk_update(ordered, ["position"])


def _fill(rule: InboundRule, form: RuleForm) -> None:
    rule.name, rule.enabled, rule.match_all = form.name, form.enabled, form.match_all
    rule.conditions = [[each.field, each.operator, list(each.values)] for each in form.conditions]
    rule.action = form.action
    rule.to_team_id, rule.to_advisor_id = form.to_team_id, form.to_advisor_id
    rule.even_if_open, rule.also_replies = form.even_if_open, form.also_replies


class _Changes(TypedDict):
    """What a rule said and says, as the audit shows it."""

    name: audit.Change
    enabled: audit.Change
    conditions: audit.Change
    does: audit.Change
    target: audit.Change
    even_if_open: audit.Change
    also_replies: audit.Change


def _changes(before: InboundRule | None, after: InboundRule | None) -> _Changes:
    def change(say: Callable[[InboundRule], object]) -> audit.Change:
        return audit.Change(*(say(rule) if rule else None for rule in (before, after)))

    return {
        "name": change(lambda rule: rule.name),
        "enabled": change(lambda rule: rule.enabled),
        "conditions": change(_asked),
        "does": change(lambda rule: rule.action),
        "target": change(lambda rule: str(rule.to_team or rule.to_advisor or "") or None),
        "even_if_open": change(lambda rule: rule.even_if_open),
        "also_replies": change(lambda rule: rule.also_replies),
    }


def _asked(rule: InboundRule) -> list[object]:
    """["all" or "any", [field, operator, [value ...]] ...]: the page has the words for it."""
    return ["all" if rule.match_all else "any", *rule.conditions]

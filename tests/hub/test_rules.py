"""A manager's inbound rules: what may be stored, in which order they are, who hears that one broke."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from emailhub.accounts.models import AuditEntry
from emailhub.accounts.permissions import NotPermittedError
from emailhub.delivery.models import OutgoingRecipient
from emailhub.hub import broken_rules
from emailhub.hub.broken_rules import findings_of
from emailhub.hub.identity import set_known_contacts_only, switch_off, switch_on
from emailhub.hub.inbound_rule import InboundRule
from emailhub.hub.models import Identity
from emailhub.hub.policy import policy_of
from emailhub.hub.rule_errors import (
    BadConditionError,
    BadTargetError,
    NoConditionError,
    NoNameError,
    NotOwnAddressError,
    RuleError,
)
from emailhub.hub.rules import (
    RuleForm,
    create_rule,
    delete_rule,
    edit_rule,
    form_of,
    move_rule,
    rules_of,
    switch_rule,
    target_advisors,
    target_teams,
)
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from emailhub.rules.review import Kind
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PUMPS = Condition(Field.SUBJECT, Operator.CONTAINS, ("pump",))


def form(name: str = "Pumps", *conditions: Condition, **changes: object) -> RuleForm:
    return RuleForm(name, conditions or (PUMPS,), **{"action": Action.IGNORE, **changes})  # type: ignore[arg-type]


def make(cast: Cast, name: str = "Pumps", *conditions: Condition, **changes: object) -> InboundRule:
    return create_rule(cast.service, form(name, *conditions, **changes), by=cast.ana, now=NOW)


def names(cast: Cast) -> list[str]:
    return [rule.name for rule in rules_of(cast.service)]


def of(field: str, operator: str, *values: str) -> Condition:
    return Condition(Field(field), Operator(operator), values)


def policy(cast: Cast):
    return policy_of(Identity.objects.get(team=cast.service))


def test_a_new_rule_goes_on_top(inside: Cast) -> None:
    for name in ("First", "Second", "Third"):
        make(inside, name)
    assert names(inside) == ["Third", "Second", "First"]
    assert [rule.position for rule in rules_of(inside.service)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("moved", "to", "order"),
    [("A", 2, "BCA"), ("C", 0, "CAB"), ("B", 1, "ABC"), ("A", 99, "BCA"), ("C", -5, "CAB")],
)
def test_a_rule_can_be_put_at_any_place(inside: Cast, moved: str, to: int, order: str) -> None:
    rules = {name: make(inside, name) for name in "CBA"}
    move_rule(rules[moved], to, by=inside.ana, now=NOW)
    assert names(inside) == list(order)


def test_a_deleted_rule_leaves_no_gap(inside: Cast) -> None:
    rules = {name: make(inside, name) for name in "CBA"}
    delete_rule(rules["B"], by=inside.ana, now=NOW)
    assert [(rule.name, rule.position) for rule in rules_of(inside.service)] == [("A", 0), ("C", 1)]


def test_a_rule_comes_back_as_it_was_written(inside: Cast) -> None:
    written = form(
        "To parts",
        of("sender_domain", "is_or_subdomain", "Farm.Example"),
        of("subject", "contains", "Válvula", "filter"),
        action=Action.ROUTE_TO_TEAM,
        match_all=False,
        to_team_id=inside.parts.id,
        even_if_open=True,
        also_replies=True,
    )
    stored = form_of(create_rule(inside.service, written, by=inside.ana, now=NOW))
    assert stored == replace(
        written,
        conditions=(of("sender_domain", "is_or_subdomain", "farm.example"), written.conditions[1]),
    )


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (of("sender_address", "is", " Carla@Farm.EXAMPLE "), "carla@farm.example"),
        (of("sender_domain", "is", "@müller.example"), "xn--mller-kva.example"),
        (of("sender_domain", "is_or_subdomain", "*.farm.example"), "farm.example"),
        (of("sender_domain", "is", "carla@farm.example"), "farm.example"),
        (of("subject", "contains", "  two   words "), "two words"),
    ],
)
def test_values_are_stored_as_mails_have_them(inside: Cast, typed: Condition, stored: str) -> None:
    assert make(inside, "Rule", typed).conditions[0][2] == [stored]


REFUSED = {
    "no name": (form(" "), NoNameError),
    "no condition": (RuleForm("Rule", (), Action.IGNORE), NoConditionError),
    "no value": (form("Rule", of("subject", "contains")), NoConditionError),
    "a blank value": (form("Rule", of("subject", "contains", "  ")), NoConditionError),
    "a value of accents alone": (form("Rule", of("subject", "contains", "\u0301")), NoConditionError),
    "an operator of another field": (form("Rule", of("body", "starts_with", "a")), BadConditionError),
    "neither yes nor no": (form("Rule", of("automatic", "is", "perhaps")), BadConditionError),
    "too many conditions": (form("Rule", *[PUMPS] * 21), BadConditionError),
    "another team's address": (
        form("Rule", of("received_at", "is", "parts.dealer@inbox.example")),
        NotOwnAddressError,
    ),
    "a route to nobody": (form("Rule", action=Action.ROUTE_TO_ADVISOR), BadTargetError),
    "a route to no team": (form("Rule", action=Action.ROUTE_TO_TEAM, to_team_id=0), BadTargetError),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_no_rule_is_refused_with_a_sentence(inside: Cast, reason: str) -> None:
    refused, error = REFUSED[reason]
    with pytest.raises(error) as caught:
        create_rule(inside.service, refused, by=inside.ana, now=NOW)
    assert isinstance(caught.value, RuleError)
    assert len(str(caught.value)) > 20
    assert not InboundRule.objects.exists()


def test_only_a_manager_of_the_team_or_an_administrator_changes_rules(inside: Cast) -> None:
    rule = make(inside)
    for by in (inside.ben, inside.vera, inside.pat):
        for refused in (
            lambda by=by: create_rule(inside.service, form(), by=by, now=NOW),
            lambda by=by: edit_rule(rule, form(), by=by, now=NOW),
            lambda by=by: switch_rule(rule, False, by=by, now=NOW),
            lambda by=by: move_rule(rule, 0, by=by, now=NOW),
            lambda by=by: delete_rule(rule, by=by, now=NOW),
        ):
            with pytest.raises(NotPermittedError):
                refused()
    create_rule(inside.service, form(), by=inside.olga, now=NOW)


def test_a_route_leads_to_teams_with_emailhub_and_to_active_writing_members(inside: Cast) -> None:
    assert target_teams(inside.service) == [inside.parts, inside.service]
    assert target_advisors(inside.service) == [inside.ana, inside.ben]
    switch_off(inside.parts, by=inside.olga, now=NOW)
    assert target_teams(inside.service) == [inside.service]
    for wrong in (inside.vera, inside.pat, inside.olga):
        with pytest.raises(BadTargetError):
            make(inside, "Rule", action=Action.ROUTE_TO_ADVISOR, to_advisor_id=wrong.id)


def test_a_target_of_another_company_is_refused(inside: Cast) -> None:
    for action, target in (
        (Action.ROUTE_TO_TEAM, {"to_team_id": inside.office.id}),
        (Action.ROUTE_TO_ADVISOR, {"to_advisor_id": inside.frank.id}),
    ):
        with pytest.raises(BadTargetError):
            make(inside, "Rule", action=action, **target)


def test_an_ignore_rule_never_claims_replies_or_a_target(inside: Cast) -> None:
    rule = make(inside, also_replies=True, even_if_open=True, to_team_id=inside.parts.id)
    assert (rule.also_replies, rule.even_if_open, rule.to_team_id) == (False, False, None)


def test_each_change_is_audited_with_what_it_was_before(inside: Cast) -> None:
    rule = make(inside)
    edit_rule(rule, form("Lamps", of("subject", "contains", "lamp")), by=inside.ana, now=NOW)
    switch_rule(rule, False, by=inside.ana, now=NOW)
    delete_rule(rule, by=inside.olga, now=NOW)
    added, edited, switched, removed = AuditEntry.objects.filter(kind="rule").order_by("id")
    assert (added.action, removed.action) == ("added", "removed")
    assert edited.changes == {
        "name": ["Pumps", "Lamps"],
        "conditions": [
            ["all", ["subject", "contains", ["pump"]]],
            ["all", ["subject", "contains", ["lamp"]]],
        ],
    }
    assert switched.changes == {"enabled": [True, False]}
    assert removed.by == inside.olga
    assert removed.changes["does"] == ["ignore", None]


def test_workers_see_each_change_and_only_rules_that_are_on(inside: Cast) -> None:
    assert policy(inside).rules == ()
    rule = make(inside)
    assert [each.id for each in policy(inside).rules] == [rule.id]
    other = make(inside, "Above")
    assert [each.id for each in policy(inside).rules] == [other.id, rule.id]
    move_rule(rule, 0, by=inside.ana, now=NOW)
    assert [each.id for each in policy(inside).rules] == [rule.id, other.id]
    switch_rule(rule, False, by=inside.ana, now=NOW)
    assert [each.id for each in policy(inside).rules] == [other.id]
    delete_rule(other, by=inside.ana, now=NOW)
    assert policy(inside).rules == ()


def kinds(cast: Cast) -> dict[str, set[Kind]]:
    by_id = {rule.id: rule.name for rule in rules_of(cast.service)}
    return {by_id[id]: {each.kind for each in found} for id, found in findings_of(cast.service).items()}


def test_what_is_wrong_with_rules_is_found_without_any_mail(inside: Cast) -> None:
    make(inside, "Below", of("subject", "contains", "pumps"), action=Action.CREATE_NEW)
    make(inside, "Fine", of("subject", "contains", "lamp"))
    make(inside, "Above")
    make(inside, "Off", of("subject", "contains", "p"), enabled=False)
    assert kinds(inside) == {"Below": {Kind.SHADOWED}}


def test_a_rule_for_senders_whom_the_toggle_holds_is_pointed_out(inside: Cast) -> None:
    leads = of("sender_address", "is", "leads@portal.example")
    make(inside, "Leads", leads, action=Action.CREATE_NEW)
    make(inside, "Ignored leads", of("sender_domain", "is", "spam.example"))
    assert kinds(inside) == {}
    set_known_contacts_only(inside.service, True, by=inside.ana, now=NOW)
    assert kinds(inside) == {"Leads": {Kind.GATED}}


def told(cast: Cast) -> list[str]:
    return list(OutgoingRecipient.objects.order_by("id").values_list("address", flat=True))


def test_of_a_rule_that_breaks_the_managers_hear_once(inside: Cast) -> None:
    rule = make(inside, action=Action.ROUTE_TO_TEAM, to_team_id=inside.parts.id)
    broken_rules.sweep(now=NOW)
    assert told(inside) == []
    switch_off(inside.parts, by=inside.olga, now=NOW)
    for _ in range(3):
        broken_rules.sweep(now=NOW)
    assert told(inside) == ["ana@dealer.example"]
    rule.refresh_from_db()
    assert rule.broken_since == NOW
    assert kinds(inside) == {"Pumps": {Kind.BROKEN}}


def test_a_rule_that_is_whole_again_can_break_again(inside: Cast) -> None:
    rule = make(inside, action=Action.ROUTE_TO_ADVISOR, to_advisor_id=inside.ben.id)
    inside.ben.memberships.all().delete()
    broken_rules.sweep(now=NOW)
    edit_rule(rule, form(action=Action.ROUTE_TO_ADVISOR, to_advisor_id=inside.ana.id), by=inside.ana, now=NOW)
    broken_rules.sweep(now=NOW)
    assert kinds(inside) == {}
    assert told(inside) == ["ana@dealer.example"]
    inside.ana.memberships.all().delete()
    broken_rules.sweep(now=NOW)
    assert told(inside) == [
        "ana@dealer.example",
        "olga@dealer.example",
    ]  # no manager is left: who administers


def test_a_team_that_is_switched_on_again_mends_the_rule(inside: Cast) -> None:
    make(inside, action=Action.ROUTE_TO_TEAM, to_team_id=inside.parts.id)
    switch_off(inside.parts, by=inside.olga, now=NOW)
    broken_rules.sweep(now=NOW)
    switch_on(inside.parts, by=inside.olga, now=NOW)
    broken_rules.sweep(now=NOW)
    assert InboundRule.objects.get().broken_since is None

"""What a team's page of inbound rules shows: the list in its order, and one rule in the editor."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage
from emailhub.hub.broken_rules import findings_of
from emailhub.hub.models import InboundRule
from emailhub.hub.rules import form_of, rules_of
from emailhub.intake.hits import Hits, hits_of
from emailhub.rules import Action
from emailhub.rules.review import Finding

from . import rule_words
from .rule_form import ConditionRow, Offered, Typed, condition_rows, new_rule, offered_to, typed_from


@dataclass(frozen=True)
class Flag:
    """What is wrong with a rule, and what a press of a button would do about it."""

    sentence: str
    is_grave: bool
    moves_to: int | None = None  # the place to which the remedy moves it


@dataclass(frozen=True)
class RuleLine:
    """A rule in the list."""

    rule: InboundRule
    place: int  # from 1
    does: str | Promise
    target: str
    icon: str
    hits: Hits | None
    flags: list[Flag]
    is_current: bool


@dataclass(frozen=True)
class Editor:
    """A rule while it is written. Without `rule` it is a new one."""

    rule: InboundRule | None
    typed: Typed
    rows: list[ConditionRow]
    offered: Offered
    actions: list[tuple[Action, rule_words.ActionWords]] = field(
        default_factory=lambda: list(rule_words.ACTIONS.items())
    )
    error: str = ""


@dataclass(frozen=True)
class RulesPage:
    """The list, and the editor where one is open."""

    lines: list[RuleLine]
    may_change: bool
    editor: Editor | None


def build_rules_page(team: Team, advisor: Advisor, editor: Editor | None = None) -> RulesPage:
    """The page as this advisor sees it."""
    rules, findings, hits = rules_of(team), findings_of(team), hits_of(team)
    places = {rule.pk: place for place, rule in enumerate(rules)}
    current = editor.rule.pk if editor and editor.rule else None
    lines = [
        RuleLine(
            rule=rule,
            place=places[rule.pk] + 1,
            does=rule_words.ACTIONS[Action(rule.action)].label,
            target=str(rule.to_team or rule.to_advisor or ""),
            icon=rule_words.ACTIONS[Action(rule.action)].icon,
            hits=hits.get(rule.pk),
            flags=[_flag(finding, places) for finding in findings.get(rule.pk, [])],
            is_current=rule.pk == current,
        )
        for rule in rules
    ]
    return RulesPage(lines, may_manage(advisor, team), editor)


def build_editor(team: Team, rule: InboundRule | None, typed: Typed | None = None, error: str = "") -> Editor:
    """The editor of a rule, as it is stored or as it was typed."""
    if typed is None:
        typed = typed_from(form_of(rule)) if rule else new_rule()
    offered = offered_to(team)
    return Editor(rule, typed, condition_rows(typed, offered), offered, error=error)


def _flag(finding: Finding, places: dict[int, int]) -> Flag:
    other = places.get(finding.other) if finding.other is not None else None
    sentence = str(rule_words.FINDINGS[finding.kind])
    return Flag(
        sentence=sentence.format(other="?" if other is None else other + 1),
        is_grave=finding.kind in rule_words.GRAVE,
        moves_to=other if finding.kind in rule_words.REMEDY_UP else None,
    )

"""Set the demo's teams up as their managers did, by the verbs of the pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from emailhub.accounts.models import Advisor, Company, Team
from emailhub.accounts.tenancy import company
from emailhub.hub.addresses import generate_address, generate_new_address, set_sender
from emailhub.hub.identity import set_known_contacts_only
from emailhub.hub.rules import RuleForm, create_rule

from .playing import Stage
from .settings import Rule, TeamSettings

_SET_UP = timedelta(days=80)  # ago
_RENAMED = timedelta(days=40)  # ago


def give_addresses(team: Team, settings: TeamSettings | None) -> None:
    """Give a new team its first address, under the name that it had then."""
    name, former = team.name, settings.former_name if settings else ""
    if not former:
        generate_address(team)
        return
    team.name = former
    generate_address(team)
    team.name = name


def rename(team: Team, manager: Advisor, *, now: datetime) -> None:
    """Let mail leave with an address of the team's new name; the old one keeps receiving."""
    new = generate_new_address(team, by=manager, now=now - _RENAMED)
    set_sender(team, new.pk, by=manager, now=now - _RENAMED)


def set_up(firm: Company, stage: Stage, settings: tuple[TeamSettings, ...], *, now: datetime) -> None:
    """Make the rules and turn the toggles, then let the mail come that shows what they do."""
    with company(firm.id):
        for each in settings:
            _settle(stage, each, now=now - _SET_UP)
    for each in settings:
        for arrival in each.arrivals:
            stage.arrive(arrival, each.team)


def _settle(stage: Stage, settings: TeamSettings, *, now: datetime) -> None:
    team, manager = stage.teams[settings.team], stage.advisors[settings.manager.address]
    for rule in reversed(settings.rules):  # a new one is put on top
        create_rule(team, _form(stage, rule), by=manager, now=now)
    if settings.known_contacts_only:
        set_known_contacts_only(team, True, by=manager, now=now)


def _form(stage: Stage, rule: Rule) -> RuleForm:
    return RuleForm(
        name=rule.name,
        conditions=rule.conditions,
        action=rule.action,
        to_team_id=stage.teams[rule.to_team].pk if rule.to_team else None,
        to_advisor_id=stage.advisors[rule.to.address].pk if rule.to else None,
    )

"""Rules whose team or advisor is not there any more: found, flagged, and told to the managers once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor, Role, Team
from emailhub.rules import Action, matching
from emailhub.rules.review import Finding, Kind, review

from .inbound_rule import InboundRule
from .models import Identity
from .notices import tell_managers
from .policy import as_value


def is_broken(rule: matching.Rule, team_id: int) -> bool:
    """Whether a route of this team leads nowhere. Its mail stays with the team, unassigned."""
    match rule.action:
        case Action.ROUTE_TO_TEAM:
            return not Identity.objects.filter(team_id=rule.team_id or 0, enabled=True).exists()
        case Action.ROUTE_TO_ADVISOR:
            return not _members(team_id).filter(pk=rule.advisor_id or 0).exists()
    return False


def _members(team_id: int) -> QuerySet[Advisor]:
    """Who may get the team's mail: its active members who may write."""
    members = Advisor.objects.filter(is_active=True, user__is_active=True, memberships__team_id=team_id)
    return members.exclude(role=Role.VIEW_ONLY)


def flag_broken(rule_id: int, *, now: datetime) -> None:
    """Mark a rule as broken, and tell the managers if that is news."""
    rows = InboundRule.objects.filter(pk=rule_id, broken_since__isnull=True)
    if not rows.update(broken_since=now):
        return
    rule = InboundRule.objects.select_related("team__company").get(pk=rule_id)
    tell_managers(rule.team, lambda: _words(rule), now=now)


def sweep(*, now: datetime) -> None:
    """Look at every route of the company that is set: flag what broke, clear what is whole again."""
    routes = (Action.ROUTE_TO_TEAM, Action.ROUTE_TO_ADVISOR)
    for rule in InboundRule.objects.filter(enabled=True, action__in=routes):
        if is_broken(as_value(rule), rule.team_id):
            flag_broken(rule.pk, now=now)
        elif rule.broken_since is not None:
            InboundRule.objects.filter(pk=rule.pk).update(broken_since=None)


def findings_of(team: Team) -> dict[int, list[Finding]]:
    """What is wrong with the team's rules that are switched on, by rule; see rules.review.

    A rule of senders whom the known-contacts toggle holds cannot open the gate for them: GATED.
    """
    rows = InboundRule.objects.filter(team=team, enabled=True).order_by("position")
    teams, advisors = _targets(team)
    found = review([_checked(as_value(row), teams, advisors) for row in rows])
    if not Identity.objects.filter(team=team, known_contacts_only=True).exists():
        return found
    for row in rows:
        if row.action != Action.IGNORE and _names_senders(row):
            found.setdefault(row.pk, []).append(Finding(Kind.GATED))
    return found


def _targets(team: Team) -> tuple[set[int], set[int]]:
    """The teams and the advisors who can take mail of this team, asked for once however many rules it has."""
    teams = Identity.objects.filter(company_id=team.company_id, enabled=True)
    return set(teams.values_list("team_id", flat=True)), set(_members(team.pk).values_list("pk", flat=True))


def _checked(rule: matching.Rule, teams: set[int], advisors: set[int]) -> matching.Rule:
    match rule.action:
        case Action.ROUTE_TO_TEAM:
            return replace(rule, broken=rule.team_id not in teams)
        case Action.ROUTE_TO_ADVISOR:
            return replace(rule, broken=rule.advisor_id not in advisors)
    return rule


def _names_senders(row: InboundRule) -> bool:
    whole = {matching.Field.SENDER_ADDRESS, matching.Field.SENDER_DOMAIN}
    return any(condition.field in whole for condition in row.read_conditions())


def _words(rule: InboundRule) -> tuple[str, str]:
    values = {"rule": rule.name, "team": rule.team.name, "url": settings.URL}
    subject = _("A rule of %(team)s leads nowhere: %(rule)s") % values
    text = _(
        "The inbound rule “%(rule)s” routes emails to a team or an advisor that can no longer take them."
        " Until you change it, its emails stay with %(team)s and nobody is assigned.\n\n%(url)s"
    )
    return subject, text % values

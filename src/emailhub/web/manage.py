"""*Manage*: its menu, and how its pages find the team that an address names.

A page of it is three things: a line in TEAM_PLACES or COMPANY_PLACES below, a view that starts with
`managed_team` (or `team_to_read`, or `require_admin`), and a template that extends
`emailhub/manage/frame.html` and fills its blocks `title`, `heading`, `lead` and `parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import (
    manageable_teams,
    may_manage,
    may_manage_any,
    may_manage_company,
    may_read_settings,
    settled_teams,
)

from .requests import AdvisorRequest


@dataclass(frozen=True)
class TeamPlace:
    """A page of one team. Its route takes `team_id`; `also` are routes of pages below it."""

    route: str
    label: str | Promise
    icon: str
    open_to: Callable[[Advisor, Team], bool] = may_manage
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class CompanyPlace:
    """A page of the company. Its route takes nothing."""

    route: str
    label: str | Promise
    icon: str
    open_to: Callable[[Advisor], bool] = may_manage_company
    also: tuple[str, ...] = ()


# In the order of the menu. `may_read_settings` opens a page to the team's advisors as well.
TEAM_PLACES: tuple[TeamPlace, ...] = (
    TeamPlace(
        "emailhub",
        "EmailHub",
        "mail",
        may_read_settings,
        also=("hub_sender", "hub_display_name", "automatic_reply", "automatic_reply_preview"),
    ),
    TeamPlace(
        "rules",
        _("EmailHub rules"),
        "rules",
        may_read_settings,
        also=("rule", "new_rule", "rule_editor", "rule_bench", "rule_dry_run"),
    ),
    TeamPlace(
        "hub_setup",
        _("Set-up guide"),
        "spark",
        may_read_settings,
        also=(
            "hub_own_address",
            "hub_own_provider",
            "hub_probes",
            "hub_own_server",
            "hub_own_sender",
            "hub_own_sending",
            "hub_mailbox",
            "hub_webhook",
            "hub_microsoft",
            "hub_microsoft_sign_in",
            "hub_microsoft_consent",
            "hub_microsoft_mailbox",
            "hub_microsoft_restriction",
            "hub_microsoft_sender",
        ),
    ),
    TeamPlace("manage_chat", _("Chat"), "chat", also=("manage_chat_check",)),
    TeamPlace("received_mail", _("Received mail"), "inbox", may_read_settings),
    TeamPlace("manage_members", _("Members"), "team", also=("manage_member",)),
    TeamPlace("manage_hours", _("Business hours"), "clock"),
    TeamPlace("manage_saved_replies", _("Saved replies"), "saved", also=("manage_saved_reply",)),
    TeamPlace("manage_team", _("Team"), "settings", also=("manage_team_removal",)),
)
COMPANY_PLACES: tuple[CompanyPlace, ...] = (
    CompanyPlace("manage_company", _("Company"), "building"),
    CompanyPlace("manage_teams", _("Teams"), "inbox"),
    CompanyPlace("manage_advisors", _("Advisors"), "user", also=("manage_activity",)),
    CompanyPlace(
        "manage_invitations", _("Invitations"), "mail", may_manage_any, also=("manage_bulk_invitations",)
    ),
    CompanyPlace("manage_tags", _("Tags"), "tag", may_manage_any),
    CompanyPlace("manage_sign_in", _("Signing in"), "key"),
    CompanyPlace("manage_retention", _("Retention"), "trash"),
    CompanyPlace("manage_audit", _("Audit"), "file", may_manage_any),
    CompanyPlace("manage_start", _("First steps"), "spark"),
)


@dataclass(frozen=True)
class Line:
    """A link of the menu."""

    label: str | Promise
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Menu:
    """What stands beside a page of Manage: one team's pages, the other teams, the company's pages."""

    team: Team | None
    teams: tuple[Line, ...]  # to choose another one; empty where there is no other
    of_team: tuple[Line, ...]
    of_company: tuple[Line, ...]


def build_menu(advisor: Advisor, route: str, team: Team | None) -> Menu:
    """The menu beside the page of this route. Without a team the advisor's usual one is offered."""
    shown = team or _usual_team(advisor)
    teams = settled_teams(advisor)
    return Menu(
        team=shown,
        teams=tuple(_team_line(advisor, one, route, shown) for one in teams) if len(teams) > 1 else (),
        of_team=_team_lines(advisor, shown, route) if shown else (),
        of_company=tuple(
            Line(place.label, place.icon, reverse(place.route), route in (place.route, *place.also))
            for place in COMPANY_PLACES
            if place.open_to(advisor)
        ),
    )


def first_page(advisor: Advisor) -> str:
    """Where *Manage* begins for this advisor. PermissionDenied where there is nothing for them."""
    menu = build_menu(advisor, "", None)
    lines = menu.of_team + menu.of_company
    if not lines:
        raise PermissionDenied
    return lines[0].url


def managed_team(request: AdvisorRequest, team_id: int) -> Team:
    """The team that an address names, to change it: 404 to who is not of it, 403 to its other members."""
    team = _team_of(request, team_id)
    if not may_manage(request.advisor, team):
        raise PermissionDenied
    return team


def team_to_read(request: AdvisorRequest, team_id: int) -> Team:
    """The team whose settings are looked at: 404 to who is not of it, 403 to view-only members."""
    team = _team_of(request, team_id)
    if not may_read_settings(request.advisor, team):
        raise PermissionDenied
    return team


def require_manager(request: AdvisorRequest) -> None:
    """PermissionDenied unless the advisor manages anything."""
    if not may_manage_any(request.advisor):
        raise PermissionDenied


def require_admin(request: AdvisorRequest) -> None:
    """PermissionDenied unless the advisor may manage the company."""
    if not may_manage_company(request.advisor):
        raise PermissionDenied


def _team_of(request: AdvisorRequest, team_id: int) -> Team:
    advisor = request.advisor
    mine = advisor.team_ids()
    for team in advisor.company_teams:
        if team.id == team_id and (team.id in mine or may_manage(advisor, team)):
            return team
    raise Http404


def _usual_team(advisor: Advisor) -> Team | None:
    """The default team, if they manage it or manage none; else the first that they manage, by name."""
    teams = manageable_teams(advisor) or settled_teams(advisor)
    usual = (team for team in teams if team.id == advisor.default_team_id)
    return next(usual, teams[0] if teams else None)


def _team_lines(advisor: Advisor, team: Team, route: str) -> tuple[Line, ...]:
    return tuple(
        Line(
            place.label,
            place.icon,
            reverse(place.route, kwargs={"team_id": team.id}),
            route in (place.route, *place.also),
        )
        for place in TEAM_PLACES
        if place.open_to(advisor, team)
    )


def _team_line(advisor: Advisor, team: Team, route: str, shown: Team | None) -> Line:
    """Another team's page of the same kind, or its first."""
    lines = _team_lines(advisor, team, route)
    here = next((line for line in lines if line.is_current), lines[0])
    return Line(team.name, "inbox", here.url, team == shown)

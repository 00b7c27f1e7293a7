"""/manage/teams/3/emailhub/: a team's e-mail. Addresses, sender, display name and the two toggles."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emailhub.accounts.models import Team
from emailhub.accounts.permissions import may_manage
from emailhub.hub.addresses import generate_new_address, next_address, set_sender
from emailhub.hub.display_name import DisplayNameError
from emailhub.hub.errors import HubError
from emailhub.hub.identity import (
    identity_of,
    set_display_name,
    set_display_name_in_automatic_replies,
    set_known_contacts_only,
    switch_off,
    switch_on,
)
from emailhub.hub.models import HubAddress

from ..hub_page import build_hub_page, preview_from_line
from ..manage import managed_team, team_to_read
from ..requests import AdvisorRequest

View = Callable[[AdvisorRequest, int], HttpResponse]


def says_why_not(view: View) -> View:
    """Decorate a view whose verb may refuse: the page says why, and nothing was changed."""

    @wraps(view)
    def saying(request: AdvisorRequest, team_id: int) -> HttpResponse:
        try:
            return view(request, team_id)
        except HubError as error:
            messages.error(request, str(error))
            return _page(request, managed_team(request, team_id), status=422)

    return saying


@require_safe
def emailhub(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """All of it on one page; before the first time, what switching on brings."""
    return _page(request, team_to_read(request, team_id))


@require_POST
@says_why_not
def switch(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/emailhub/switch/: POST with `on` switches EmailHub on for the team, without it off."""
    team = managed_team(request, team_id)
    verb = switch_on if _is_on(request) else switch_off
    verb(team, by=request.advisor, now=timezone.now())
    said = _("EmailHub is on") if _is_on(request) else _("EmailHub is off. Mail that comes in is held")
    return _done(request, team, said)


@require_POST
@says_why_not
def addresses(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/emailhub/addresses/: POST generates one more."""
    team = managed_team(request, team_id)
    made = generate_new_address(team, by=request.advisor, now=timezone.now())
    return _done(request, team, _("%(address)s receives from now on") % {"address": made.address})


@require_POST
@says_why_not
def sender(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/emailhub/sender/: POST with an `address` lets the team's mail leave with it."""
    team = managed_team(request, team_id)
    asked = request.POST.get("address", "")
    row = get_object_or_404(HubAddress, team=team, pk=int(asked) if asked.isdecimal() else 0)
    set_sender(team, row.pk, by=request.advisor, now=timezone.now())
    return _done(request, team, _("Mail leaves with %(address)s from now on") % {"address": row.address})


@require_http_methods(["GET", "POST"])
@says_why_not
def display_name(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/emailhub/display-name/: GET shows how a `name` would look, POST stores it."""
    if request.method == "GET":
        return _preview(request, team_to_read(request, team_id))
    team = managed_team(request, team_id)
    typed = request.POST.get("name", "")
    try:
        set_display_name(team, typed, by=request.advisor, now=timezone.now())
    except DisplayNameError:
        return _page(request, team, typed=typed, status=422)
    return _done(request, team, _("Display name saved"))


@require_POST
@says_why_not
def known_contacts_only(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/emailhub/known-contacts-only/: POST with `on` or without."""
    team = managed_team(request, team_id)
    set_known_contacts_only(team, _is_on(request), by=request.advisor, now=timezone.now())
    said = (
        _("Only known contacts open tickets from now on") if _is_on(request) else _("Everybody opens tickets")
    )
    return _done(request, team, said)


@require_POST
@says_why_not
def automatic_names(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/emailhub/automatic-names/: POST with `on` or without."""
    team = managed_team(request, team_id)
    identity = set_display_name_in_automatic_replies(
        team, _is_on(request), by=request.advisor, now=timezone.now()
    )
    said = _("Automatic replies leave as “%(name)s”") % {"name": identity.automatic_from_name()}
    return _done(request, team, said)


def _is_on(request: AdvisorRequest) -> bool:
    return "on" in request.POST


def _page(
    request: AdvisorRequest, team: Team, *, typed: str | None = None, status: int = 200
) -> HttpResponse:
    page = build_hub_page(team, request.advisor, typed=typed, now=timezone.now())
    first_time = {} if page else _first_time(request, team)
    context = {"team": team, "page": page, "now": timezone.now(), **first_time}
    return render(request, "emailhub/hub/page.html", context, status=status)


def _first_time(request: AdvisorRequest, team: Team) -> dict[str, object]:
    return {"first_address": next_address(team), "may_switch_on": may_manage(request.advisor, team)}


def _preview(request: AdvisorRequest, team: Team) -> HttpResponse:
    identity = identity_of(team)
    if identity is None:
        return redirect("emailhub", team.id)
    line = preview_from_line(identity, request.GET.get("name", "")[:1000], request.advisor)
    return render(request, "emailhub/hub/_from_line.html", {"line": line})


def _done(request: AdvisorRequest, team: Team, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("emailhub", team.id)

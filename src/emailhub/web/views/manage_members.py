"""/manage/teams/3/members/: who is in the team; put somebody in, make them manager, let them leave."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.accounts.errors import AccountsError
from emailhub.accounts.models import Advisor, Membership, Team
from emailhub.accounts.permissions import may_remove
from emailhub.accounts.teams import add_member, set_manager
from emailhub.desk.departure import heirs, leave_team, open_tickets

from ..manage import managed_team
from ..requests import AdvisorRequest, intended_method
from ..takeover import chosen_heir


@require_http_methods(["GET", "POST"])
def members(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """The members. POST puts a colleague of another team into this one."""
    team = managed_team(request, team_id)
    status = 200
    if request.method == "POST":
        if _add(request, team):
            return redirect("manage_members", team_id)
        status = 422
    context = {"team": team, "memberships": _memberships(team), "others": _others(team)}
    return render(request, "emailhub/manage/members.html", context, status=status)


@require_http_methods(["GET", "POST", "DELETE"])
def member(request: AdvisorRequest, team_id: int, advisor_id: int) -> HttpResponse:
    """/manage/teams/3/members/7/: POST says whether they manage; DELETE takes them out, GET asks first."""
    team = managed_team(request, team_id)
    membership = get_object_or_404(_memberships(team), advisor_id=advisor_id)
    match intended_method(request):
        case "POST":
            _set_manager(request, membership)
        case "DELETE":
            heir = chosen_heir(request, heirs(membership.advisor, team))
            leave_team(membership, heir=heir, by=request.advisor, now=timezone.now())
            messages.success(request, _("%(name)s has left the team") % {"name": membership.advisor})
        case _:
            return _ask(request, team, membership)
    if request.advisor.is_admin or membership.advisor_id != request.advisor.id:
        return redirect("manage_members", team_id)
    return redirect("tickets")  # who leaves, or hands over, manages it no more


def _ask(request: AdvisorRequest, team: Team, membership: Membership) -> HttpResponse:
    context = {
        "team": team,
        "membership": membership,
        "leaver": membership.advisor,
        "may_remove": may_remove(request.advisor, membership.advisor),
        "open_count": open_tickets(membership.advisor, team).count(),
        "heirs": heirs(membership.advisor, team),
    }
    return render(request, "emailhub/manage/member_leaves.html", context)


def _add(request: AdvisorRequest, team: Team) -> bool:
    chosen = request.POST.get("advisor", "")
    advisor = _others(team).filter(pk=int(chosen) if chosen.isdecimal() else 0).first()
    if advisor is None:
        messages.error(request, _("Choose somebody who works here and is not in this team."))
        return False
    try:
        is_manager = "is_manager" in request.POST
        add_member(team, advisor, is_manager=is_manager, by=request.advisor, now=timezone.now())
    except AccountsError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("%(name)s is in the team now") % {"name": advisor})
    return True


def _set_manager(request: AdvisorRequest, membership: Membership) -> None:
    try:
        set_manager(membership, request.POST.get("is_manager") == "1", by=request.advisor, now=timezone.now())
    except AccountsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved"))


def _memberships(team: Team) -> QuerySet[Membership]:
    found = Membership.objects.filter(team=team, advisor__is_active=True)
    return found.select_related("advisor__user", "team").order_by("-is_manager", "advisor__user__name", "pk")


def _others(team: Team) -> QuerySet[Advisor]:
    """Who works here and is not in the team."""
    found = Advisor.objects.filter(company_id=team.company_id, is_active=True).exclude(memberships__team=team)
    return found.select_related("user").order_by("user__name", "pk")

"""/manage/teams/3/members/: who is in the team."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from emailhub.accounts.models import Membership

from ..manage import managed_team
from ..requests import AdvisorRequest


@require_safe
def members(request: AdvisorRequest, team_id: int) -> HttpResponse:
    team = managed_team(request, team_id)
    memberships = (
        Membership.objects.filter(team=team, advisor__is_active=True)
        .select_related("advisor__user")
        .order_by("-is_manager", "advisor__user__name", "pk")
    )
    context = {"team": team, "memberships": memberships}
    return render(request, "emailhub/manage/members.html", context)

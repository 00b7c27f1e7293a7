"""/manage/teams/3/emailhub/confirmations/ and /…/blocked/: what waits for, or stands by, a manager's word."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.desk.junk import blocked_of, unblock
from emailhub.hub.confirmations import confirmations_of, mark_done

from ..manage import managed_team
from ..requests import AdvisorRequest


@require_POST
def confirmation(request: AdvisorRequest, team_id: int, confirmation_id: int) -> HttpResponse:
    """/…/confirmations/9/: POST takes a provider's question off the page."""
    team = managed_team(request, team_id)
    row = get_object_or_404(confirmations_of(team).select_related("team"), pk=confirmation_id)
    mark_done(row, by=request.advisor, now=timezone.now())
    messages.success(request, _("Done"))
    return redirect("emailhub", team.id)


@require_http_methods(["POST", "DELETE"])
def blocked(request: AdvisorRequest, team_id: int, blocked_id: int) -> HttpResponse:
    """/…/blocked/9/: POST or DELETE lets somebody write again whom the team had blocked."""
    team = managed_team(request, team_id)
    row = get_object_or_404(blocked_of(team).select_related("team"), pk=blocked_id)
    unblock(row, by=request.advisor, now=timezone.now())
    messages.success(request, _("%(sender)s may write again") % {"sender": row.value})
    return redirect("emailhub", team.id)

"""/tickets/17/team/: POST moves the ticket to another team of the company."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emailhub.accounts.models import Team

from ..access import workable_ticket
from ..requests import AdvisorRequest
from ..returns import back_to_ticket


@require_POST
def team(request: AdvisorRequest, number: int) -> HttpResponse:
    """Move it. Who may not read the other team's tickets goes back to the list."""
    ticket = workable_ticket(request, number)
    wanted = request.POST.get("team", "")
    teams = Team.objects.existing().filter(company_id=ticket.company_id)
    target = get_object_or_404(teams, pk=int(wanted) if wanted.isdecimal() else 0)
    ticket.move(target, by=request.advisor, now=timezone.now())
    messages.success(request, _("Moved to %(team)s") % {"team": target.name})
    if target.pk in request.advisor.readable_team_ids():
        return back_to_ticket(request, ticket)
    return redirect("tickets")

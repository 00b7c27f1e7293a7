"""/tickets/17/assignment/: POST gives the ticket to an advisor, DELETE to nobody."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..access import workable_ticket
from ..requests import AdvisorRequest, intended_method
from ..returns import back_to_ticket
from ..ticket_page import candidates


@require_http_methods(["POST", "DELETE"])
def assignment(request: AdvisorRequest, number: int) -> HttpResponse:
    """Only who is in the menu can be given the ticket: the team's members who may write, or oneself."""
    ticket = workable_ticket(request, number)
    assignee = None
    if intended_method(request) != "DELETE" and (wanted := request.POST.get("advisor")):
        by_id = {str(advisor.pk): advisor for advisor in candidates(ticket.team, request.advisor)}
        if (assignee := by_id.get(wanted)) is None:
            raise Http404
    ticket.assign(assignee, by=request.advisor, now=timezone.now())
    return back_to_ticket(request, ticket)

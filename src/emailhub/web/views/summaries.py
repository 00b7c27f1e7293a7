"""/tickets/17/summary/: POST writes the problem summary."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from ..access import workable_ticket
from ..requests import AdvisorRequest, wants_fragment
from ..returns import back_to_ticket


@require_POST
def summary(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    ticket.describe(request.POST.get("summary", ""))
    if wants_fragment(request):
        return render(request, "emailhub/ticket/_summary.html", {"ticket": ticket, "may_work": True})
    return back_to_ticket(request, ticket)

"""/tickets/17/subject/: POST names the matter differently."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ..access import workable_ticket
from ..requests import AdvisorRequest, wants_fragment
from ..returns import back_to_ticket


@require_POST
def subject(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    ticket.change_subject(request.POST.get("subject", ""), by=request.advisor, now=timezone.now())
    if wants_fragment(request):
        return render(request, "emailhub/ticket/_subject.html", {"ticket": ticket, "may_work": True})
    return back_to_ticket(request, ticket)

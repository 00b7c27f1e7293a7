"""/tickets/17/head/: the ticket's head as it is now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emailhub.desk.permissions import may_work_on

from ..access import readable_ticket
from ..listing import Listing
from ..requests import AdvisorRequest


@require_safe
def head(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = readable_ticket(request, number)
    context = {
        "ticket": ticket,
        "may_work": may_work_on(request.advisor, ticket),
        "listing": Listing.from_query(request.GET),
        "now": timezone.now(),
    }
    return render(request, "emailhub/ticket/_head.html", context)

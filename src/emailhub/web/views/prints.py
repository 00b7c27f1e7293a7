"""/tickets/17/print/: the whole ticket on one page, for paper or a PDF of the browser's."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..access import readable_ticket
from ..printing import printed_entries
from ..requests import AdvisorRequest
from ..timeline_filter import Choice


@require_safe
def print_view(request: AdvisorRequest, number: int) -> HttpResponse:
    """What is chosen of its timeline; `for=customer` leaves out what is the team's alone."""
    ticket = readable_ticket(request, number)
    choice, for_customer = Choice.from_query(request.GET), request.GET.get("for") == "customer"
    context = {
        "ticket": ticket,
        "choice": choice,
        "for_customer": for_customer,
        "entries": printed_entries(ticket, choice, for_customer=for_customer),
        "now": timezone.now(),
    }
    return render(request, "emailhub/ticket/print.html", context)

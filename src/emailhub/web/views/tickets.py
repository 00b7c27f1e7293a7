"""/tickets/ and /tickets/17/"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emailhub.desk.notifications import read_ticket

from ..access import whole_ticket
from ..listing import Listing
from ..policy import lets_write
from ..requests import AdvisorRequest
from ..ticket_page import page_context


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("tickets")


@require_safe
def tickets(request: AdvisorRequest) -> HttpResponse:
    """The list of a view, a page of it."""
    listing = Listing.from_query(request.GET)
    after = request.GET.get("after", "")
    context = {
        "listing": listing,
        "page": listing.page(request.advisor, after),
        "is_first_page": not after,
        "now": timezone.now(),
    }
    return render(request, "emailhub/list/page.html", context)


@lets_write
@require_safe
def ticket(request: AdvisorRequest, number: int) -> HttpResponse:
    """The ticket beside its list, on the chosen tab."""
    found = whole_ticket(request, number)
    if found.merged_into and found.merged_into.team_id in request.advisor.readable_team_ids():
        return redirect("ticket", number=found.merged_into.number)
    read_ticket(found, request.advisor, now=timezone.now())
    return render(request, "emailhub/ticket/page.html", page_context(request, found))

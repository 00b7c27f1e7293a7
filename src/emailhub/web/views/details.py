"""/tickets/17/details/: the column of details as it is now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import whole_ticket
from ..listing import Listing
from ..requests import AdvisorRequest
from ..ticket_page import details_context


@require_safe
def details(request: AdvisorRequest, number: int) -> HttpResponse:
    context = details_context(request, whole_ticket(request, number))
    return render(
        request, "emailhub/ticket/_details.html", {**context, "listing": Listing.from_query(request.GET)}
    )

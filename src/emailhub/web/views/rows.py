"""/tickets/rows/: rows of a list as they are now."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..listing import Listing
from ..requests import AdvisorRequest

AT_MOST = 100


@require_safe
def rows(request: AdvisorRequest) -> HttpResponse:
    """The rows of the tickets `id` (repeated), without those that are not in this list (any more).

    204 where none of them is.
    """
    listing = Listing.from_query(request.GET)
    wanted = [int(id) for id in request.GET.getlist("id")[:AT_MOST] if id.isdecimal()]
    found = list(listing.tickets(request.advisor).filter(pk__in=wanted))
    if not found:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    context = {"tickets": found, "listing": listing, "now": timezone.now()}
    return render(request, "emailhub/list/_rows.html", context)

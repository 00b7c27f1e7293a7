"""/tickets/rows/: one row of a list as it is now."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..listing import Listing
from ..requests import AdvisorRequest


@require_safe
def row(request: AdvisorRequest) -> HttpResponse:
    """The row of ticket `id`, or 204 where it does not belong to this list (any more)."""
    listing = Listing.from_query(request.GET)
    wanted = request.GET.get("id", "")
    found = listing.tickets(request.advisor).filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if found is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(
        request, "emailhub/list/_row.html", {"ticket": found, "listing": listing, "now": timezone.now()}
    )

"""/rail/: the numbers beside the views, as they are now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..listing import Listing
from ..requests import AdvisorRequest


@require_safe
def rail(request: AdvisorRequest) -> HttpResponse:
    """The part of the rail that changes. The query names the list that the page shows, if it shows one."""
    listing = Listing.from_query(request.GET) if "view" in request.GET else None
    return render(request, "emailhub/_rail_live.html", {"listing": listing})

"""/tickets/17/composer/: the foot of All activity again, when the ways to the customer have changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import whole_ticket
from ..composing import composer_for
from ..listing import Listing
from ..requests import AdvisorRequest


@require_safe
def composer(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = whole_ticket(request, number)
    made = composer_for(ticket, request.advisor, request.GET)
    if made is None:  # who only reads has none
        return HttpResponse()
    listing = Listing.from_query(request.GET)
    context = {"composer": made, "ticket": ticket, "listing": listing}
    return render(request, "emailhub/composer/_composer.html", context)

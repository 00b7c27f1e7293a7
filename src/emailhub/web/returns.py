"""Where a page goes after a form without a script."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpResponseRedirect
from django.urls import reverse

from emailhub.desk.models import Ticket

from .listing import Listing
from .requests import AdvisorRequest


def back_to_ticket(request: AdvisorRequest, ticket: Ticket) -> HttpResponseRedirect:
    """To the ticket, its list still beside it."""
    return HttpResponseRedirect(ticket_url(ticket, Listing.from_query(request.GET)))


def ticket_url(ticket: Ticket, listing: Listing) -> str:
    return f"{_path(ticket.number)}?{listing.query()}"


@lru_cache(maxsize=4096)
def _path(number: int) -> str:
    return reverse("ticket", args=[number])

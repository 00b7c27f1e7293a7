"""/tickets/17/following/: POST follows the ticket, DELETE does so no more. Who may read it may."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from emailhub.desk.following import follow, stop_following

from ..access import readable_ticket
from ..requests import AdvisorRequest, intended_method
from ..returns import back_to_ticket


@require_http_methods(["POST", "DELETE"])
def following(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = readable_ticket(request, number)
    if intended_method(request) == "DELETE":
        stop_following(ticket, request.advisor)
    else:
        follow(ticket, [request.advisor.pk], now=timezone.now())
    return back_to_ticket(request, ticket)

"""/tickets/17/waiting/: POST waits for the customer, DELETE takes the ticket up again."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..access import workable_ticket
from ..requests import AdvisorRequest, intended_method
from ..returns import back_to_ticket


@require_http_methods(["POST", "DELETE"])
def waiting(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    if intended_method(request) == "DELETE":
        ticket.open(by=request.advisor, now=timezone.now())
    else:
        ticket.wait(by=request.advisor, now=timezone.now())
    return back_to_ticket(request, ticket)

"""/tickets/17/closure/: POST closes the ticket, DELETE opens it again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import workable_ticket
from ..requests import AdvisorRequest, intended_method
from ..returns import back_to_ticket


@require_http_methods(["POST", "DELETE"])
def closure(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    if intended_method(request) == "DELETE":
        ticket.reopen(by=request.advisor, now=timezone.now())
    else:
        ticket.close(by=request.advisor, now=timezone.now())
        messages.success(request, _("Ticket closed"), extra_tags="closed")
    return back_to_ticket(request, ticket)

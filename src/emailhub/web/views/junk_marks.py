"""/tickets/17/junk/: POST closes the ticket as junk, and may block who wrote; DELETE takes all of it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.desk.junk import Block, CannotBlockError, mark_as_junk, not_junk

from ..access import workable_ticket
from ..requests import AdvisorRequest, intended_method
from ..returns import back_to_ticket

_BLOCKS: dict[str, Block] = {"sender": "sender", "domain": "domain"}


@require_http_methods(["POST", "DELETE"])
def junk(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    if intended_method(request) == "DELETE":
        not_junk(ticket, by=request.advisor, now=timezone.now())
        messages.success(request, _("It is no junk any more"))
        return back_to_ticket(request, ticket)
    block = _BLOCKS.get(request.POST.get("block", ""), "")
    try:
        mark_as_junk(ticket, block=block, by=request.advisor, now=timezone.now())
    except CannotBlockError as error:
        messages.error(request, str(error))
    else:
        undo = reverse("junk", args=[ticket.number])
        messages.success(request, _("Marked as junk and closed"), extra_tags=f"undo {undo}")
    return back_to_ticket(request, ticket)

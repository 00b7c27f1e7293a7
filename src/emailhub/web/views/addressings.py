"""/tickets/17/addressing/?reply_to=140: whom the composer writes to when it goes on to answer one message."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from emailhub.desk.errors import CannotSendError

from ..access import readable_ticket
from ..composing import addresses_for
from ..requests import AdvisorRequest


@require_safe
def addressing(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = readable_ticket(request, number)
    try:
        return JsonResponse(addresses_for(ticket, request.GET))
    except CannotSendError as error:
        return JsonResponse({"words": str(error)}, status=422)

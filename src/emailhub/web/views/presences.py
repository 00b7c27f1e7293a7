"""/tickets/17/presence/: POST says that somebody looks at the ticket, answers it, or has gone."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from emailhub.desk.presence import Doing, tell_presence

from ..access import readable_ticket
from ..requests import AdvisorRequest


@require_POST
def presence(request: AdvisorRequest, number: int) -> HttpResponse:
    """Who may read the ticket may be seen on it. Nothing is stored."""
    ticket, doing = readable_ticket(request, number), request.POST.get("doing", "")
    if doing not in set(Doing):
        return HttpResponseBadRequest()
    tell_presence(ticket, Doing(doing), by=request.advisor)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)

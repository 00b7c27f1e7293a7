"""/tickets/17/colleagues/: whom a note on the ticket can mention."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from emailhub.desk.mentions import colleagues

from ..access import readable_ticket
from ..requests import AdvisorRequest


@require_safe
def colleague_names(request: AdvisorRequest, number: int) -> HttpResponse:
    """Their names, for the editor: who mentions need know no more."""
    found = colleagues(readable_ticket(request, number), request.advisor)
    return JsonResponse(list(dict.fromkeys(map(str, found))), safe=False)

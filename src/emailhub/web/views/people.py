"""/people/?q=ine: whom the letters could mean, for To, CC and BCC."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from emailhub.desk.people import suggest

from ..requests import AdvisorRequest


@require_safe
def people(request: AdvisorRequest) -> HttpResponse:
    found = suggest(request.advisor, request.GET.get("q", ""))
    return JsonResponse([{"name": box.name, "address": box.address} for box in found], safe=False)

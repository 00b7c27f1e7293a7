"""/tickets/17/drafts/email/: POST keeps what is being written, DELETE discards it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.desk.drafts import autosave, discard_draft
from emailhub.desk.models import Draft

from ..access import workable_ticket
from ..composing import draft_fields, read_key
from ..requests import AdvisorRequest, intended_method


@require_http_methods(["POST", "DELETE"])
def draft(request: AdvisorRequest, number: int, channel: str) -> HttpResponse:
    if channel not in Draft.Channel.values:
        raise Http404
    ticket = workable_ticket(request, number)
    if intended_method(request) == "DELETE":
        discard_draft(ticket, request.advisor, channel)
        return HttpResponse(status=204)
    fields, key = draft_fields(request.POST), read_key(request.POST)
    saved = autosave(ticket, request.advisor, channel, fields, key=key, now=timezone.now())
    if saved is None:
        return JsonResponse({"words": ""})
    at = time_format(timezone.localtime(saved.updated_at), "H:i")
    return JsonResponse({"words": _("Draft saved %(time)s") % {"time": at}})

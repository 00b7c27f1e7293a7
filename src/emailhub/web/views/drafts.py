"""/tickets/17/drafts/email/: POST keeps what is being written, DELETE discards it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.desk.drafts import autosave, discard_own, state_of
from emailhub.desk.errors import WrittenElsewhereError
from emailhub.desk.models import Draft

from ..access import workable_ticket
from ..posted import draft_fields, read_key
from ..requests import AdvisorRequest, intended_method


@require_http_methods(["POST", "DELETE"])
def draft(request: AdvisorRequest, number: int, channel: str) -> HttpResponse:
    if channel not in Draft.Channel.values:
        raise Http404
    ticket = workable_ticket(request, number)
    if intended_method(request) == "DELETE":
        discard_own(ticket, request.advisor, channel, key=read_key(request.GET), based_on=_based_on(request))
        return HttpResponse(status=204)
    try:
        saved = autosave(
            ticket,
            request.advisor,
            channel,
            draft_fields(request.POST),
            key=read_key(request.POST),
            based_on=_based_on(request),
            now=timezone.now(),
        )
    except WrittenElsewhereError as error:
        return _both_kept(error)
    if saved is None:
        return JsonResponse({"words": ""})
    at = time_format(timezone.localtime(saved.updated_at), "H:i")
    return JsonResponse({"words": _("Draft saved %(time)s") % {"time": at}, "state": state_of(saved)})


def _based_on(request: AdvisorRequest) -> str | None:
    """The state of the draft that the form goes on from; None from a form that does not say."""
    return request.POST.get("based_on", request.GET.get("based_on"))


def _both_kept(error: WrittenElsewhereError) -> JsonResponse:
    """The other text, so that the writer can choose; theirs is kept by the page until then."""
    other = {name: error.draft.fields.get(name, "") for name in ("text", "html")}
    return JsonResponse({"words": str(error), "state": state_of(error.draft), **other}, status=409)

"""The webhooks as pages: whoever posts is no one who is signed in, and proves itself by its signature."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .webhook import Verdict, take_message, take_status

_Take = Callable[[int, int, str, dict[str, list[str]], str], Verdict]
_NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@csrf_exempt
@login_not_required
@require_POST
def incoming(request: HttpRequest, company_id: int, connection_id: int) -> HttpResponse:
    """A message came in."""
    return _answer(request, company_id, connection_id, take_message)


@csrf_exempt
@login_not_required
@require_POST
def status(request: HttpRequest, company_id: int, connection_id: int) -> HttpResponse:
    """A message of ours came further."""
    return _answer(request, company_id, connection_id, take_status)


def _answer(request: HttpRequest, company_id: int, connection_id: int, take: _Take) -> HttpResponse:
    fields = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    signature = request.headers.get("X-Twilio-Signature", "")
    verdict = take(company_id, connection_id, request.get_full_path(), fields, signature)
    if verdict is Verdict.TAKEN:
        return HttpResponse(_NOTHING_TO_SAY, content_type="text/xml")
    return HttpResponse(status=verdict.value)

"""/quarantine/: mail that could not be processed, with its error; try it again, or take its bytes away."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emailhub.intake.quarantine import quarantined, try_once_more

from ..downloads import send_stored
from ..requests import AdvisorRequest

_SHOWN = 200


@require_safe
def quarantine(request: AdvisorRequest) -> HttpResponse:
    """What waits for somebody to look at it. Empty for who is answerable for nothing."""
    context = {"rows": quarantined(request.advisor)[:_SHOWN], "now": timezone.now()}
    return render(request, "emailhub/quarantine/page.html", context)


@require_POST
def another_try(request: AdvisorRequest, received_id: int) -> HttpResponse:
    """/quarantine/9/tries/: POST has the workers try three more times."""
    if not try_once_more(request.advisor, received_id, now=timezone.now()):
        raise Http404
    messages.success(request, _("It is being tried again"))
    return redirect("quarantine")


@require_safe
def eml(request: AdvisorRequest, received_id: int) -> HttpResponseBase:
    """/quarantine/9/message.eml: the mail as it was received."""
    row = get_object_or_404(quarantined(request.advisor), pk=received_id)
    return send_stored(
        request, row.company_id, row.content_key, f"quarantine-{row.pk}.eml", "message/rfc822", inline=False
    )

"""/tickets/17/notes/: POST writes an internal note."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emailhub.desk.drafts import discard_own
from emailhub.desk.errors import CannotSendError
from emailhub.desk.models import Draft
from emailhub.desk.note import note

from ..access import workable_ticket
from ..plain_uploads import keep_files
from ..posted import read_html, read_ids, read_key
from ..requests import AdvisorRequest, wants_fragment
from ..returns import back_to_ticket


@require_POST
def notes(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    files = [file.public_id for file in keep_files(request)]
    key = read_key(request.POST)
    try:
        activity = note(
            ticket,
            by=request.advisor,
            html=read_html(request.POST),
            attachment_ids=[*read_ids(request.POST.getlist("attachments")), *files],
            key=key,
            now=timezone.now(),
        )
    except CannotSendError as error:
        if not wants_fragment(request):
            return back_to_ticket(request, ticket)
        return render(request, "emailhub/composer/_send_notice.html", {"error": error}, status=422)
    based_on = request.POST.get("based_on")
    discard_own(ticket, request.advisor, Draft.Channel.NOTE, key=key, based_on=based_on)
    if not wants_fragment(request):
        return back_to_ticket(request, ticket)
    words = {
        "activity": activity.pk,
        "seen": activity.pk,
        "undo_url": None,
        "words": _("Note saved"),
        "url": None,
    }
    return JsonResponse(words, status=201)

"""/tickets/17/chats/: POST sends a text message from the ticket."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emailhub.desk.chat import send_chat
from emailhub.desk.errors import CannotSendError, NewerActivityError
from emailhub.desk.phones import show_phone

from ..access import workable_ticket
from ..composing_chat import read_chat
from ..plain_uploads import keep_files
from ..policy import lets_write
from ..requests import AdvisorRequest, wants_fragment
from ..returns import back_to_ticket
from .replies import refused


@lets_write
@require_POST
def chats(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    files = [file.public_id for file in keep_files(request)]
    text = read_chat(request.POST, files)
    try:
        activity = send_chat(ticket, text, by=request.advisor, now=timezone.now())
    except NewerActivityError as error:
        return refused(request, ticket, error, status=409)
    except CannotSendError as error:
        return refused(request, ticket, error, status=422)
    if not wants_fragment(request):
        return back_to_ticket(request, ticket)
    words = {
        "activity": activity.pk,
        "seen": activity.pk,
        "undo_url": None,
        "words": _("On its way to %(number)s") % {"number": show_phone(activity.chat.number)},
        "url": None,
    }
    return JsonResponse(words, status=201)

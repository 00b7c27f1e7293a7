"""/tickets/17/replies/: POST sends an e-mail from the ticket."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emailhub.desk.errors import CannotSendError, NewerActivityError
from emailhub.desk.models import Activity, Ticket
from emailhub.desk.reply import reply

from ..access import workable_ticket
from ..composing import read_answer
from ..plain_uploads import keep_files
from ..policy import lets_write
from ..requests import AdvisorRequest, wants_fragment
from ..returns import back_to_ticket
from ..ticket_page import page_context


@lets_write
@require_POST
def replies(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    files = keep_files(request)
    try:
        activity = reply(ticket, read_answer(request.POST, files), by=request.advisor, now=timezone.now())
    except NewerActivityError as error:
        return refused(request, ticket, error, status=409)
    except CannotSendError as error:
        return refused(request, ticket, error, status=422)
    if wants_fragment(request):
        return JsonResponse(sent_words(activity), status=201)
    return back_to_ticket(request, ticket)


def sent_words(activity: Activity) -> dict[str, object]:
    """What the page says after sending, and how to take it back."""
    names = ", ".join(name or address for name, address in activity.message.to)
    return {
        "activity": activity.pk,
        "seen": activity.pk,
        "undo_url": reverse("sending", args=[activity.pk]) if settings.UNDO_SECONDS else None,
        "seconds": settings.UNDO_SECONDS,
        "words": _("Leaves in %(s)s s · %(names)s") % {"s": "{s}", "names": names},
        "url": None,
    }


def refused(
    request: AdvisorRequest, ticket: Ticket, error: CannotSendError, *, status: int
) -> HttpResponse:
    """The text is kept: in the browser, or without a script in the page that comes back."""
    context: dict[str, object] = {"error": error}
    if isinstance(error, NewerActivityError):
        context["newer"] = error.activities[-1]
    if wants_fragment(request):
        return render(request, "emailhub/composer/_send_notice.html", context, status=status)
    ticket.refresh_from_db()
    context |= page_context(request, ticket)
    context["posted"] = request.POST
    return render(request, "emailhub/ticket/page.html", context, status=status)

"""/tickets/17/replies/: POST sends an e-mail from the ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emailhub.desk.answer import Answer
from emailhub.desk.errors import CannotSendError, NewerActivityError
from emailhub.desk.guard import cautions
from emailhub.desk.models import Activity, Ticket
from emailhub.desk.recipients import check
from emailhub.desk.reply import reply
from emailhub.desk.sent_forms import made_by
from emailhub.desk.turns import refuse_if_newer

from ..access import whole_ticket, workable_ticket
from ..cautions import sentence
from ..moments import coming
from ..plain_uploads import keep_files
from ..policy import lets_write
from ..posted import read_agreed, read_answer
from ..requests import AdvisorRequest, wants_fragment
from ..returns import back_to_ticket
from ..send_times import chosen_send_time
from ..ticket_page import page_context


@lets_write
@require_POST
def replies(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    files = keep_files(request)
    try:
        at = chosen_send_time(request.POST, ticket.team)
        answer = replace(read_answer(request.POST, files), at=at)
        if asked := _to_ask(request, ticket, answer):
            return _answer(request, ticket, {"cautions": asked}, status=409)
        activity = reply(ticket, answer, by=request.advisor, now=timezone.now())
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
    words = _("Leaves in %(s)s s · %(names)s") % {"s": "{s}", "names": names}
    due_at = activity.message.outgoing.due_at if activity.message.outgoing else activity.at
    if due_at > activity.at + 2 * timedelta(seconds=settings.UNDO_SECONDS):
        words = _("Leaves %(when)s · %(names)s") % {"when": coming(due_at, now=activity.at), "names": names}
    return {
        "activity": activity.pk,
        "seen": activity.pk,
        "undo_url": reverse("sending", args=[activity.pk]) if settings.UNDO_SECONDS else None,
        "seconds": settings.UNDO_SECONDS,
        "words": words,
        "url": None,
    }


def refused(request: AdvisorRequest, ticket: Ticket, error: CannotSendError, *, status: int) -> HttpResponse:
    """Say why it was not sent; where something newer is the reason, show that."""
    context: dict[str, object] = {"error": error}
    if isinstance(error, NewerActivityError):
        context["newer"] = error.activities[-1]
    return _answer(request, ticket, context, status=status)


def _to_ask(request: AdvisorRequest, ticket: Ticket, answer: Answer) -> list[str]:
    """What the writer should confirm; nothing once they have, or where the form has been sent already.

    First comes what would be refused, or stopped by something newer.
    """
    if "sure" in read_agreed(request.POST) or made_by(answer.key):
        return []
    check(answer.to, answer.cc, answer.bcc, team_id=ticket.team_id)
    refuse_if_newer(ticket, answer.seen)
    return [sentence(caution, ticket) for caution in cautions(ticket, answer)]


def _answer(
    request: AdvisorRequest, ticket: Ticket, context: dict[str, object], *, status: int
) -> HttpResponse:
    """It was not sent. The text is kept: in the browser, or without a script in the page that comes back."""
    context["agreed"] = " ".join(sorted(read_agreed(request.POST)))
    if wants_fragment(request):
        return render(request, "emailhub/composer/_send_notice.html", context, status=status)
    context |= page_context(request, whole_ticket(request, ticket.number))
    context["posted"] = request.POST
    return render(request, "emailhub/ticket/page.html", context, status=status)

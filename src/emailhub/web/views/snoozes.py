"""/tickets/17/snooze/: POST puts the ticket out of sight until a time, DELETE brings it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.desk.models import Ticket
from emailhub.desk.snoozing import ClosedError, SnoozeTimeError
from emailhub.desk.snoozing import snooze as put_to_sleep

from ..access import workable_ticket
from ..moments import coming
from ..requests import AdvisorRequest, intended_method
from ..returns import back_to_ticket
from ..snooze_times import chosen_time


@require_http_methods(["POST", "DELETE"])
def snooze(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    if intended_method(request) == "DELETE":
        ticket.wake(by=request.advisor, now=timezone.now())
    else:
        _snooze(request, ticket)
    return back_to_ticket(request, ticket)


def _snooze(request: AdvisorRequest, ticket: Ticket) -> None:
    now, reason = timezone.now(), request.POST.get("reason", "")
    try:
        until = chosen_time(request.POST) or now  # no time at all is as wrong as one that is over
        put_to_sleep(ticket, until, reason=reason, by=request.advisor, now=now)
    except (ClosedError, SnoozeTimeError) as error:
        messages.error(request, str(error))
        return
    undo = reverse("snooze", args=[ticket.number])
    words = _("Snoozed until %(when)s") % {"when": coming(until, now=now)}
    messages.success(request, words, extra_tags=f"undo {undo}")

"""/tickets/17/activities/: pieces of the timeline for a page that is open."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emailhub.desk.notifications import read_ticket
from emailhub.desk.permissions import may_work_on
from emailhub.desk.seen import mark_seen

from .. import timeline
from ..access import readable_ticket
from ..listing import Listing
from ..requests import AdvisorRequest
from ..ticket_page import read_mark
from ..timeline_filter import Choice


@require_safe
def activities(request: AdvisorRequest, number: int) -> HttpResponse:
    """`after`: what came since that activity. `before`: the ones before it. `id`: that one as it is now."""
    ticket = readable_ticket(request, number)
    choice, now = Choice.from_query(request.GET), timezone.now()
    if (after := read_mark(request.GET, "after")) is not None:
        found = timeline.newer(ticket, after=after, now=now, choice=choice)
        mark_seen(ticket, request.advisor)
        read_ticket(ticket, request.advisor, now=now)
    elif (before := read_mark(request.GET, "before")) is not None:
        found = timeline.newest(ticket, before=before, now=now, choice=choice)
    elif (activity_id := read_mark(request.GET, "id")) is not None:
        found = timeline.one(ticket, activity_id=activity_id, now=now)
        if not found.entries:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
    else:
        return HttpResponseBadRequest()
    context = {
        "ticket": ticket,
        "timeline": found,
        "choice": choice,
        "may_work": may_work_on(request.advisor, ticket),
        "listing": Listing.from_query(request.GET),
        "now": now,
    }
    return render(request, "emailhub/ticket/_entries.html", context)

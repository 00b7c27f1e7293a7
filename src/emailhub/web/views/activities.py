"""/tickets/17/activities/: pieces of the timeline for a page that is open."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emailhub.desk.permissions import may_work_on
from emailhub.desk.seen import mark_seen

from .. import timeline
from ..access import readable_ticket
from ..listing import Listing
from ..requests import AdvisorRequest


@require_safe
def activities(request: AdvisorRequest, number: int) -> HttpResponse:
    """`after`: what came since that activity. `before`: the ones before it. `id`: that one as it is now."""
    ticket = readable_ticket(request, number)
    which = next((name for name in ("after", "before", "id") if request.GET.get(name, "").isdecimal()), "")
    if not which:
        return HttpResponseBadRequest()
    mark, now = int(request.GET[which]), timezone.now()
    if which == "after":
        found = timeline.newer(ticket, after=mark, now=now)
        mark_seen(ticket, request.advisor)
    elif which == "before":
        found = timeline.newest(ticket, before=mark, now=now)
    else:
        found = timeline.one(ticket, activity_id=mark, now=now)
        if not found.entries:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
    context = {
        "ticket": ticket,
        "timeline": found,
        "may_work": may_work_on(request.advisor, ticket),
        "listing": Listing.from_query(request.GET),
        "now": now,
    }
    return render(request, "emailhub/ticket/_entries.html", context)

"""/sendings/140/draft/: POST takes the text of a mail that did not reach somebody up again, to correct it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from emailhub.desk.errors import NothingToMendError
from emailhub.desk.models import Activity
from emailhub.desk.resend import edit_again

from ..access import workable_ticket
from ..listing import Listing
from ..requests import AdvisorRequest
from ..returns import back_to_ticket, ticket_url


@require_POST
def sending_draft(request: AdvisorRequest, activity_id: int) -> HttpResponse:
    sent = Activity.objects.visible_to(request.advisor).filter(kind=Activity.Kind.SENT)
    activity = get_object_or_404(sent.select_related("ticket"), pk=activity_id)
    ticket = workable_ticket(request, activity.ticket.number)
    try:
        edit_again(activity, by=request.advisor, now=timezone.now())
    except NothingToMendError:
        return back_to_ticket(request, ticket)
    return redirect(f"{ticket_url(ticket, Listing.from_query(request.GET))}&channel=email#composer")

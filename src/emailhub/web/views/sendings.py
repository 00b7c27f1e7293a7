"""/sendings/140/: DELETE takes a mail back before it leaves; POST sends one again that failed."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from emailhub.delivery.again import send_again
from emailhub.desk.drafts import state_of
from emailhub.desk.errors import NotSenderError, TooLateError
from emailhub.desk.models import Activity
from emailhub.desk.undo import take_back

from ..access import workable_ticket
from ..listing import Listing
from ..requests import AdvisorRequest, intended_method, wants_fragment
from ..returns import back_to_ticket, ticket_url


@require_http_methods(["DELETE", "POST"])
def sending(request: AdvisorRequest, activity_id: int) -> HttpResponse:
    sent = Activity.objects.visible_to(request.advisor).filter(kind=Activity.Kind.SENT)
    activity = get_object_or_404(sent.select_related("ticket", "message__outgoing"), pk=activity_id)
    ticket = workable_ticket(request, activity.ticket.number)
    if intended_method(request) != "DELETE":
        outgoing = activity.message.outgoing
        if outgoing is not None:
            send_again(outgoing, now=timezone.now())
        return back_to_ticket(request, ticket)
    try:
        draft = take_back(activity, by=request.advisor, now=timezone.now())
    except TooLateError as error:
        return JsonResponse({"words": str(error)}, status=409)
    except NotSenderError as error:
        return JsonResponse({"words": str(error)}, status=403)
    if wants_fragment(request):
        url = ticket_url(ticket, Listing.from_query(request.GET))
        return JsonResponse({"url": url, "state": state_of(draft)})
    return back_to_ticket(request, ticket)

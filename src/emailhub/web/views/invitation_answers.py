"""/tickets/17/invitations/9/: POST accepts or declines what a mail invites to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emailhub.desk.errors import CannotSendError
from emailhub.desk.invitations import answer_invitation
from emailhub.mail import InvitationAnswer

from ..access import workable_ticket
from ..requests import AdvisorRequest
from ..returns import back_to_ticket


@require_POST
def invitation_answer(request: AdvisorRequest, number: int, activity_id: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    activity = get_object_or_404(ticket.activities, pk=activity_id)
    answer = request.POST.get("answer", "")
    if answer not in set(InvitationAnswer):
        return HttpResponseBadRequest()
    try:
        answer_invitation(activity, InvitationAnswer(answer), by=request.advisor, now=timezone.now())
    except CannotSendError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The answer is on its way"))
    return back_to_ticket(request, ticket)

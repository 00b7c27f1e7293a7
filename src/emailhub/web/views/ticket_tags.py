"""/tickets/17/tags/: POST puts a tag on, also a new one; /tickets/17/tags/4/: DELETE takes it off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.desk import tags as desk
from emailhub.desk.errors import NoNameError
from emailhub.desk.models import Tag

from ..access import workable_ticket
from ..requests import AdvisorRequest
from ..returns import back_to_ticket
from ..tag_choice import wanted_tag


@require_POST
def ticket_tags(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    try:
        tag = wanted_tag(request.advisor.company, request.POST.get("tag", ""), request.POST.get("name", ""))
    except NoNameError as error:
        messages.error(request, str(error))
    else:
        desk.add_tag(ticket, tag, by=request.advisor, now=timezone.now())
    return back_to_ticket(request, ticket)


@require_http_methods(["POST", "DELETE"])
def ticket_tag(request: AdvisorRequest, number: int, tag_id: int) -> HttpResponse:
    """A form without a script posts here to take the tag off: there is nothing else to do with it."""
    ticket = workable_ticket(request, number)
    tag = get_object_or_404(Tag, company=request.advisor.company, pk=tag_id)
    desk.remove_tag(ticket, tag, by=request.advisor, now=timezone.now())
    return back_to_ticket(request, ticket)

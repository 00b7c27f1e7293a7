"""/tickets/17/links/: POST links the ticket with another; /tickets/17/links/4/: DELETE takes that away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.desk.errors import DeskError
from emailhub.desk.links import link, links_of, unlink
from emailhub.desk.models import Ticket, TicketLink

from ..access import workable_ticket
from ..requests import AdvisorRequest
from ..returns import back_to_ticket


@require_POST
def ticket_links(request: AdvisorRequest, number: int) -> HttpResponse:
    ticket = workable_ticket(request, number)
    kind = request.POST.get("kind", "")
    wanted = TicketLink.Kind(kind) if kind in TicketLink.Kind.values else TicketLink.Kind.RELATED
    other = _named(request)
    if other is None:
        messages.error(request, _("There is no such ticket that you may read."))
        return back_to_ticket(request, ticket)
    try:
        link(ticket, other, wanted, by=request.advisor, now=timezone.now())
    except DeskError as error:
        messages.error(request, str(error))
    return back_to_ticket(request, ticket)


@require_http_methods(["POST", "DELETE"])
def ticket_link(request: AdvisorRequest, number: int, link_id: int) -> HttpResponse:
    """A form without a script posts here to take it away: there is nothing else to do with it."""
    ticket = workable_ticket(request, number)
    found = get_object_or_404(links_of(ticket), pk=link_id)
    unlink(ticket, found, by=request.advisor, now=timezone.now())
    return back_to_ticket(request, ticket)


def _named(request: AdvisorRequest) -> Ticket | None:
    """The ticket of the number that was typed, with or without its #."""
    typed = request.POST.get("other", "").strip().removeprefix("#")
    if not typed.isdecimal() or len(typed) > 15:
        return None
    return Ticket.objects.visible_to(request.advisor).filter(number=int(typed)).first()

"""Find what an address names, as far as the advisor may see it and work on it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from emailhub.desk.errors import NotAllowedError
from emailhub.desk.models import Attachment, Message, Ticket
from emailhub.desk.permissions import require_work
from emailhub.desk.queries import TicketQuerySet
from emailhub.desk.tags import with_tags
from emailhub.desk.whole_ticket import find_whole

from .requests import AdvisorRequest


def readable_ticket(request: AdvisorRequest, number: int) -> Ticket:
    """The ticket, or 404 where it is none of the advisor's teams'."""
    return get_object_or_404(_readable(request), number=number)


def whole_ticket(request: AdvisorRequest, number: int) -> Ticket:
    """The readable ticket with all that stands around its timeline, for its page."""
    ticket = find_whole(_readable(request), number)
    if ticket is None:
        raise Http404
    return ticket


def _readable(request: AdvisorRequest) -> TicketQuerySet:
    tickets = with_tags(Ticket.objects.visible_to(request.advisor).with_unread(request.advisor).with_mark())
    linked: TicketQuerySet = tickets.select_related(
        "team", "contact", "assignee__user", "follow_up_of", "received_by", "merged_into"
    )
    return linked


def workable_ticket(request: AdvisorRequest, number: int) -> Ticket:
    """The ticket, locked for a change; 404 where it cannot be seen, 403 where it can only be read."""
    ticket = readable_ticket(request, number)
    try:
        require_work(request.advisor, ticket)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    Ticket.objects.select_for_update().filter(pk=ticket.pk).first()
    ticket.refresh_from_db()
    return ticket


def readable_message(request: AdvisorRequest, message_id: int) -> Message:
    messages = Message.objects.filter(
        company_id=request.advisor.company_id, ticket__team_id__in=request.advisor.readable_team_ids()
    )
    return get_object_or_404(messages.select_related("activity", "ticket"), pk=message_id)


def readable_attachment(request: AdvisorRequest, public_id: UUID) -> Attachment:
    kept = Attachment.objects.visible_to(request.advisor).exclude(content_key="")
    return get_object_or_404(kept, public_id=public_id)

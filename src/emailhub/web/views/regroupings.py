"""/tickets/17/parting/, /tickets/17/merge/, /regroupings/5/: split, move, merge, and take it back.

The verbs lock what they need, in their order: here nothing is locked before them.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.desk.carrying import CARRIED
from emailhub.desk.errors import DeskError, NotAllowedError, SameTicketError
from emailhub.desk.models import Activity, Regrouping, Ticket
from emailhub.desk.permissions import may_work_on, require_work
from emailhub.desk.regrouping import chosen, merge, move, preview_merge, split, undo

from ..access import readable_ticket
from ..requests import AdvisorRequest
from ..ticket_page import find_related, read_mark

_CANDIDATES = 8


class _NoTicketError(DeskError):
    """The number that was typed is no ticket's that the advisor can work on."""

    def __str__(self) -> str:
        return _("There is no ticket of this number that you can work on.")


@require_http_methods(["GET", "HEAD", "POST"])
def parting(request: AdvisorRequest, number: int) -> HttpResponse:
    """Take the entry `from`, alone or with what came after it, into a new ticket or onto another one."""
    ticket = readable_ticket(request, number)
    activity = _entry(request, ticket)
    if request.method != "POST":
        return _offer_parting(request, ticket, activity)
    try:
        require_work(request.advisor, ticket)
        there = _part(request, activity)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except DeskError as error:
        return _offer_parting(request, ticket, activity, str(error))
    messages.success(request, _("It is on ticket #%(number)d now") % {"number": there.number})
    return redirect("ticket", number=there.number)


@require_http_methods(["GET", "HEAD", "POST"])
def ticket_merge(request: AdvisorRequest, number: int) -> HttpResponse:
    """The one of the address stays, the one named by `with` becomes part of it."""
    kept = readable_ticket(request, number)
    try:
        if request.method == "POST":
            require_work(request.advisor, kept)
        gone = _asked(request)
        if request.method != "POST" or gone is None:
            return _offer_merge(request, kept, gone)
        merge(kept, gone, by=request.advisor, now=timezone.now())
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except DeskError as error:
        return _offer_merge(request, kept, None, str(error))
    messages.success(request, _("#%(number)d is part of this ticket now") % {"number": gone.number})
    return redirect("ticket", number=kept.number)


@require_POST
def regrouping_undoing(request: AdvisorRequest, regrouping_id: int) -> HttpResponse:
    """Take a split, a move or a merge back. Both tickets must be the advisor's to see."""
    visible = Ticket.objects.visible_to(request.advisor)
    known = Regrouping.objects.filter(
        company_id=request.advisor.company_id, source__in=visible, target__in=visible
    )
    done = get_object_or_404(known.select_related("source", "target"), pk=regrouping_id)
    try:
        undo(done, by=request.advisor, now=timezone.now())
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except DeskError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Everything is where it was"))
    return redirect("ticket", number=done.source.number)


def _entry(request: AdvisorRequest, ticket: Ticket) -> Activity:
    """The entry that is asked for, or else the last one."""
    entries = ticket.activities.filter(kind__in=CARRIED).select_related("advisor__user", "message", "ticket")
    mark = read_mark(request.POST if request.method == "POST" else request.GET, "from")
    return get_object_or_404(entries.order_by("-id")[:1] if mark is None else entries.filter(pk=mark))


def _part(request: AdvisorRequest, activity: Activity) -> Ticket:
    onwards = request.POST.get("what") == "onwards"
    if request.POST.get("where") != "other":
        return split(activity, onwards=onwards, by=request.advisor, now=timezone.now())
    there = _asked(request)
    if there is None:
        raise _NoTicketError
    move(activity, there, onwards=onwards, by=request.advisor, now=timezone.now())
    return there


def _asked(request: AdvisorRequest) -> Ticket | None:
    """The ticket that `with` names by its number, if it names one. Raises _NoTicketError.

    One that the advisor cannot work on is as good as none: nothing could be moved there.
    """
    named = (request.POST.get("with") or request.GET.get("with", "")).strip().removeprefix("#")
    if not named:
        return None
    is_number = named.isascii() and named.isdecimal() and len(named) < 19
    visible = Ticket.objects.visible_to(request.advisor).select_related("contact", "team")
    found: Ticket | None = visible.filter(number=int(named)).first() if is_number else None
    if found is None or not may_work_on(request.advisor, found):
        raise _NoTicketError
    return found


def _offer_parting(
    request: AdvisorRequest, ticket: Ticket, activity: Activity, error: str = ""
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "activity": activity,
        "author": str(activity.advisor) if activity.advisor else _sender(activity),
        "after": len(chosen(activity, onwards=True)) - 1,
        "candidates": _candidates(request, ticket),
        "may_work": may_work_on(request.advisor, ticket),
        "error": error,
        "now": timezone.now(),
    }
    return render(request, "emailhub/ticket/parting.html", context, status=422 if error else 200)


def _sender(activity: Activity) -> str:
    message = getattr(activity, "message", None)
    return (message.sender_name or message.sender_address) if message else activity.ticket.contact.name


def _offer_merge(request: AdvisorRequest, kept: Ticket, gone: Ticket | None, error: str = "") -> HttpResponse:
    context: dict[str, object] = {
        "ticket": kept,
        "candidates": _candidates(request, kept),
        "may_work": may_work_on(request.advisor, kept),
        "error": error,
        "now": timezone.now(),
    }
    if gone is not None:
        try:
            context |= {"other": gone, "preview": preview_merge(kept, gone)}
        except SameTicketError as refused:
            context |= {"other": None, "error": str(refused)}
    return render(request, "emailhub/ticket/merge.html", context, status=422 if error else 200)


def _candidates(request: AdvisorRequest, ticket: Ticket) -> list[Ticket]:
    """Tickets that are likely meant: the same customer's, and those that it is linked with."""
    related = find_related(ticket, request.advisor)
    found = {other.pk: other for other in (*related.linked, *related.history)}
    return [other for other in found.values() if not other.merged_into_id][:_CANDIDATES]

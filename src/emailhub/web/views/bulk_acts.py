"""/tickets/bulk/: POST does one thing to the chosen tickets; /tickets/bulk/5/: DELETE takes it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emailhub.accounts.models import Advisor
from emailhub.desk import bulk
from emailhub.desk.bulk import Act, Wish
from emailhub.desk.errors import DeskError
from emailhub.desk.models import BulkAct

from ..listing import Listing
from ..requests import AdvisorRequest
from ..snooze_times import chosen_time
from ..tag_choice import wanted_tag


@require_POST
def bulk_acts(request: AdvisorRequest) -> HttpResponse:
    if not request.advisor.may_write:
        raise PermissionDenied
    listing, ids = Listing.from_query(request.GET), request.POST.getlist("ticket")
    chosen = [int(id) for id in ids if id.isdecimal() and len(id) < 19]
    try:
        done = bulk.carry_out(_wish(request), chosen, by=request.advisor, now=timezone.now())
    except DeskError as error:
        messages.error(request, str(error))
    else:
        _tell(request, done, listing)
    return _back(listing)


@require_http_methods(["POST", "DELETE"])
def bulk_act(request: AdvisorRequest, bulk_id: int) -> HttpResponse:
    """A form without a script posts here to undo: there is nothing else to do with it."""
    if not request.advisor.may_write:
        raise PermissionDenied
    row = get_object_or_404(BulkAct, advisor=request.advisor, pk=bulk_id)
    count = bulk.undo(row, by=request.advisor, now=timezone.now())
    words = ngettext("Taken back on %(count)d ticket", "Taken back on %(count)d tickets", count)
    messages.success(request, words % {"count": count})
    return _back(Listing.from_query(request.GET))


@require_safe
def colleagues(request: AdvisorRequest) -> HttpResponse:
    """/tickets/bulk/colleagues/: the lines of the menu of whom tickets can be given to."""
    return render(request, "emailhub/list/_colleagues.html", {"colleagues": _colleagues(request.advisor)})


def _colleagues(advisor: Advisor) -> list[Advisor]:
    """Who works in a team in which the advisor works, by name. Each ticket's own team counts in the end."""
    teams = advisor.writable_team_ids()
    people = Advisor.objects.filter(company_id=advisor.company_id, is_active=True)
    others = people.filter(memberships__team__in=teams).exclude(pk=advisor.pk).distinct()
    return [one for one in others.select_related("user").order_by("user__name", "pk") if one.may_write]


def _wish(request: AdvisorRequest) -> Wish:
    """What the pressed button says: "close", "assign:17". Raises NoNameError for a tag without a name."""
    asked, _colon, value = request.POST.get("do", "").partition(":")
    if asked not in set(Act):
        raise Http404
    act, form = Act(asked), request.POST
    return Wish(
        act,
        assignee=_assignee(request, value) if act == Act.ASSIGN else None,
        tag=wanted_tag(request.advisor.company, value, form.get("name", "")) if act == Act.TAG else None,
        until=chosen_time({"until": value, "until_own": form.get("until_own", "")}),
        reason=form.get("reason", ""),
    )


def _assignee(request: AdvisorRequest, wanted: str) -> Advisor | None:
    if not wanted:
        return None
    by_id = {str(one.pk): one for one in (request.advisor, *_colleagues(request.advisor))}
    if wanted not in by_id:
        raise Http404
    return by_id[wanted]


def _tell(request: AdvisorRequest, done: bulk.Done, listing: Listing) -> None:
    words = ngettext("%(count)d ticket changed", "%(count)d tickets changed", done.changed)
    parts = [words % {"count": done.changed}]
    if done.refused:
        refused = ngettext("%(count)d left as it was", "%(count)d left as they were", done.refused)
        parts.append(refused % {"count": done.refused})
    undo = f"undo {reverse('bulk_act', args=[done.row.pk])}?{listing.query()}" if done.changed else ""
    messages.success(request, " · ".join(parts), extra_tags=undo)


def _back(listing: Listing) -> HttpResponse:
    answer = redirect("tickets")
    answer["Location"] += f"?{listing.query()}"
    return answer

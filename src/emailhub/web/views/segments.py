"""/contacts/segments/: labels for contacts, and who wears them."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.desk import segments as desk
from emailhub.desk.directory import Selection, selected
from emailhub.desk.errors import DeskError
from emailhub.desk.models import Contact
from emailhub.desk.permissions import may_edit_contacts
from emailhub.desk.queries import ContactQuerySet

from ..contact_forms import numbers_of, query_of, require, segment_named, selection_from
from ..requests import AdvisorRequest, intended_method


@require_http_methods(["GET", "POST"])
def segments(request: AdvisorRequest) -> HttpResponse:
    """All of them with their numbers; POST makes another one."""
    error = None
    if request.method == "POST":
        require(may_edit_contacts(request.advisor))
        try:
            desk.create_segment(request.advisor.company, request.POST.get("name", ""), by=request.advisor)
            return redirect("segments")
        except DeskError as refused:
            error = refused
    return _show(request, error)


@require_http_methods(["POST", "DELETE"])
def segment(request: AdvisorRequest, segment_id: int) -> HttpResponse:
    """/contacts/segments/4/: POST names it differently, DELETE takes it away."""
    found = segment_named(request, segment_id)
    require(may_edit_contacts(request.advisor))
    if intended_method(request) == "DELETE":
        desk.delete_segment(found, by=request.advisor)
        return redirect("segments")
    try:
        desk.rename_segment(found, request.POST.get("name", ""), by=request.advisor)
    except DeskError as error:
        return _show(request, error)
    return redirect("segments")


@require_POST
def labels(request: AdvisorRequest) -> HttpResponse:
    """/contacts/labels/: POST puts many contacts into a segment, or takes them out of it."""
    require(may_edit_contacts(request.advisor))
    selection = selection_from(request.POST)
    answer = redirect("contacts")
    answer["Location"] += f"?{query_of(selection)}"
    if not request.POST.get("label"):
        messages.error(request, _("Choose a segment first."))
        return answer
    found = segment_named(request, request.POST["label"])
    people = _people(request, selection)
    if request.POST.get("do") == "remove":
        count = desk.unlabel(people, found, by=request.advisor)
        words = ngettext("%(count)d contact left “%(name)s”", "%(count)d contacts left “%(name)s”", count)
    else:
        count = desk.label(people, found, by=request.advisor)
        words = ngettext(
            "%(count)d contact is new in “%(name)s”", "%(count)d contacts are new in “%(name)s”", count
        )
    messages.success(request, words % {"count": count, "name": found.name})
    return answer


def _people(request: AdvisorRequest, selection: Selection) -> ContactQuerySet:
    """Those who were ticked, or all that the list holds, on all its pages."""
    if request.POST.get("whom") == "all":
        return selected(request.advisor, selection)
    return Contact.objects.visible_to(request.advisor).filter(pk__in=numbers_of(request.POST, "contact"))


def _show(request: AdvisorRequest, error: DeskError | None) -> HttpResponse:
    context = {
        "segments": desk.counted_segments(request.advisor.company),
        "error": error,
        "posted": request.POST,
        "may_work": may_edit_contacts(request.advisor),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "emailhub/contacts/segments.html", context, status=status)

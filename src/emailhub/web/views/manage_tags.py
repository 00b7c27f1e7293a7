"""/manage/tags/: the company's tags; /manage/tags/4/: POST changes one, DELETE takes it away."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from emailhub.desk import tags as desk
from emailhub.desk.errors import DeskError
from emailhub.desk.models import Tag

from ..manage import require_manager
from ..requests import AdvisorRequest, intended_method


@require_http_methods(["GET", "POST"])
def tags(request: AdvisorRequest) -> HttpResponse:
    require_manager(request)
    if request.method == "POST":
        name, tone = request.POST.get("name", ""), request.POST.get("tone", "")
        try:
            desk.create_tag(request.advisor.company, name, tone, by=request.advisor)
        except DeskError as error:
            return _show(request, error)
        return redirect("manage_tags")
    return _show(request, None)


@require_http_methods(["POST", "DELETE"])
def tag(request: AdvisorRequest, tag_id: int) -> HttpResponse:
    found = get_object_or_404(Tag, company=request.advisor.company, pk=tag_id)
    require_manager(request)
    if intended_method(request) == "DELETE":
        desk.delete_tag(found, by=request.advisor)
        return redirect("manage_tags")
    name, tone = request.POST.get("name", ""), request.POST.get("tone", "")
    try:
        desk.change_tag(found, name, tone, by=request.advisor)
    except DeskError as error:
        return _show(request, error)
    return redirect("manage_tags")


def _show(request: AdvisorRequest, error: DeskError | None) -> HttpResponse:
    context = {
        "tags": desk.counted_tags(request.advisor.company),
        "tones": Tag.Tone.choices,
        "error": error,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "emailhub/manage/tags.html", context, status=status)

"""/views/: POST keeps a list under a name; /views/4/: DELETE forgets it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.accounts.models import Team
from emailhub.desk.errors import DeskError
from emailhub.desk.saved_views import delete_view, save_view, visible_views

from ..listing import Listing
from ..requests import AdvisorRequest


@require_POST
def saved_views(request: AdvisorRequest) -> HttpResponse:
    """The list is the one of the form's `list`, said anew: nothing but a list is ever kept."""
    listing = Listing.from_query(QueryDict(request.POST.get("list", "")))
    try:
        save_view(request.POST.get("name", ""), listing.query(), team=_team(request), by=request.advisor)
    except DeskError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("View saved"))
    return _back(listing)


@require_http_methods(["POST", "DELETE"])
def saved_view(request: AdvisorRequest, view_id: int) -> HttpResponse:
    """A form without a script posts here to delete: there is nothing else to do with it."""
    view = get_object_or_404(visible_views(request.advisor).select_related("team"), pk=view_id)
    delete_view(view, by=request.advisor)
    messages.success(request, _("View deleted"))
    return _back(Listing.from_query(QueryDict(view.query)))


def _team(request: AdvisorRequest) -> Team | None:
    """For whom it is: one of the teams in which they work, or nobody else."""
    wanted = request.POST.get("team", "")
    if not wanted:
        return None
    mine = request.advisor.writable_team_ids()
    for team in request.advisor.company_teams:
        if str(team.pk) == wanted and team.pk in mine:
            return team
    raise Http404


def _back(listing: Listing) -> HttpResponse:
    answer = redirect("tickets")
    answer["Location"] += f"?{listing.query()}"
    return answer

"""Saved replies: a team's in Manage, one's own beside the profile, and both for the composer of a ticket."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from emailhub import mail
from emailhub.accounts.models import Team
from emailhub.accounts.permissions import require
from emailhub.desk import saved_replies as desk
from emailhub.desk.errors import DeskError
from emailhub.desk.models import SavedReply

from ..access import readable_ticket
from ..manage import managed_team
from ..policy import lets_write
from ..posted import read_html
from ..requests import AdvisorRequest, intended_method


@lets_write
@require_http_methods(["GET", "POST"])
def team_replies(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/manage/teams/3/saved-replies/: the team's; POST adds one."""
    return _list(request, managed_team(request, team_id))


@lets_write
@require_http_methods(["POST", "DELETE"])
def team_reply(request: AdvisorRequest, team_id: int, reply_id: int) -> HttpResponse:
    """/manage/teams/3/saved-replies/4/: POST changes one, DELETE takes it away."""
    team = managed_team(request, team_id)
    return _one(request, desk.of_team(team).select_related("team"), reply_id, team)


@lets_write
@require_http_methods(["GET", "POST"])
def own_replies(request: AdvisorRequest) -> HttpResponse:
    """/saved-replies/: one's own; POST adds one."""
    return _list(request, None)


@lets_write
@require_http_methods(["POST", "DELETE"])
def own_reply(request: AdvisorRequest, reply_id: int) -> HttpResponse:
    """/saved-replies/4/: POST changes one, DELETE takes it away."""
    require(request.advisor.may_write)
    return _one(request, desk.own(request.advisor), reply_id, None)


@require_safe
def replies_for_ticket(request: AdvisorRequest, number: int) -> JsonResponse:
    """/tickets/17/saved-replies/: what the composer offers, filled in for this ticket."""
    ticket = readable_ticket(request, number)
    filled = (
        (reply, desk.fill(reply, ticket, by=request.advisor))
        for reply in desk.usable_on(ticket, request.advisor)
    )
    found = [
        {"name": reply.name, "html": html, "text": mail.plain_text(html), "own": reply.owner_id is not None}
        for reply, html in filled
    ]
    return JsonResponse({"replies": found})


def _list(request: AdvisorRequest, team: Team | None) -> HttpResponse:
    error: DeskError | None = None
    if request.method == "POST":
        try:
            name, html = request.POST.get("name", ""), read_html(request.POST)
            desk.create(name, html, team=team, by=request.advisor, now=timezone.now())
            return _saved(request, team)
        except DeskError as refused:
            error = refused
    return _show(request, team, error)


def _one(
    request: AdvisorRequest, among: QuerySet[SavedReply], reply_id: int, team: Team | None
) -> HttpResponse:
    reply = get_object_or_404(among, pk=reply_id)
    try:
        if intended_method(request) == "DELETE":
            desk.delete(reply, by=request.advisor, now=timezone.now())
        else:
            name, html = request.POST.get("name", ""), read_html(request.POST)
            desk.change(reply, name, html, by=request.advisor, now=timezone.now())
    except DeskError as error:
        return _show(request, team, error)
    return _saved(request, team)


def _saved(request: AdvisorRequest, team: Team | None) -> HttpResponse:
    messages.success(request, _("Saved"))
    return redirect("manage_saved_replies", team.pk) if team else redirect("saved_replies")


def _show(request: AdvisorRequest, team: Team | None, error: DeskError | None) -> HttpResponse:
    replies = desk.of_team(team) if team else desk.own(request.advisor)
    context = {
        "team": team,
        "replies": [(reply, mail.plain_text(reply.html)) for reply in replies],
        "error": error,
        "posted": request.POST if error else None,
        "variables": desk.variables_in(get_language() or "en"),
    }
    template = "emailhub/manage/saved_replies.html" if team else "emailhub/profile/saved_replies.html"
    return render(request, template, context, status=422 if error else 200)

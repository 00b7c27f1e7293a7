"""/manage/teams/3/emailhub/mailbox/: the mailbox that the team reads by IMAP."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.accounts.models import Team
from emailhub.hub.errors import HubError
from emailhub.hub.mailboxes import (
    MailboxForm,
    connect_mailbox,
    disconnect_mailbox,
    look_now,
    mailbox_of,
    test_mailbox,
)

from ..mailbox_page import build_mailbox_page
from ..manage import managed_team, team_to_read
from ..requests import AdvisorRequest, intended_method

_TEXTS = (
    "address",
    "host",
    "port",
    "security",
    "user",
    "secret",
    "oauth",
    "client_id",
    "client_secret",
    "folder",
    "since",
)


@require_http_methods(["GET", "POST", "DELETE"])
def mailbox(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """GET shows how it does, POST connects it, DELETE lets it go."""
    if request.method == "GET":
        return _page(request, team_to_read(request, team_id))
    team = managed_team(request, team_id)
    if intended_method(request) == "DELETE":
        disconnect_mailbox(team, by=request.advisor, now=timezone.now())
        messages.success(request, _("The mailbox is not read any more. What has come stays."))
        return redirect("hub_mailbox", team.id)
    form = _posted(request)
    try:
        connect_mailbox(team, form, by=request.advisor, now=timezone.now())
    except HubError as error:
        return _page(request, team, refused=str(error), typed=form)
    messages.success(request, _("Saved. The connection is being tried"))
    return redirect("hub_mailbox", team.id)


@require_POST
def tests(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/…/mailbox/tests/: POST has it looked into now, and sends a mail that has to come in by it."""
    team = managed_team(request, team_id)
    connection = mailbox_of(team)
    if connection is None:
        raise Http404
    now = timezone.now()
    try:
        test_mailbox(team, connection.settings["address"], by=request.advisor, now=now)
    except HubError as error:
        return _page(request, team, refused=str(error))
    look_now(connection, by=request.advisor, now=now)
    messages.success(request, _("A test to %(address)s is on its way") % {"address": connection.name})
    return redirect("hub_mailbox", team.id)


def _posted(request: AdvisorRequest) -> MailboxForm:
    typed = {name: request.POST[name] for name in _TEXTS if name in request.POST}
    return MailboxForm(
        **typed,
        history_stays_open="history_stays_open" in request.POST,
        follows_moves="follows_moves" in request.POST,
    )


def _page(
    request: AdvisorRequest, team: Team, *, refused: str = "", typed: MailboxForm | None = None
) -> HttpResponse:
    now = timezone.now()
    page = build_mailbox_page(team, request.advisor, typed=typed, now=now)
    context = {"team": team, "page": page, "refused": refused, "now": now}
    return render(request, "emailhub/hub/mailbox.html", context, status=422 if refused else 200)

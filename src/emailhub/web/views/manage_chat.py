"""/manage/teams/3/chat/: the numbers by which a team writes SMS and WhatsApp, and the account behind them."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.accounts.models import Team
from emailhub.delivery.models import Connection
from emailhub.desk.chat_accounts import (
    ChatAccount,
    account_of_team,
    connect_account,
    disconnect_account,
    may_change_account,
)
from emailhub.desk.errors import DeskError
from emailhub.hub.connection_words import problem_of

from ..manage import managed_team
from ..requests import AdvisorRequest, intended_method


class Check(Protocol):
    """Asks the gateway whether it knows the account; this floor cannot."""

    def __call__(self, company_id: int, connection_id: int) -> bool: ...


@require_http_methods(["GET", "POST", "DELETE"])
def chat(request: AdvisorRequest, team_id: int, check: Check) -> HttpResponse:
    """GET shows how it does, POST connects and tries it, DELETE lets it go."""
    team = managed_team(request, team_id)
    if request.method == "GET":
        return _page(request, team)
    if intended_method(request) == "DELETE":
        disconnect_account(team, by=request.advisor, now=timezone.now())
        messages.success(request, _("Chat is switched off. What was said stays."))
        return redirect("manage_chat", team.pk)
    typed = _typed(request)
    try:
        connection = connect_account(team, typed, by=request.advisor, now=timezone.now())
    except DeskError as error:
        return _page(request, team, typed=typed, refused=str(error))
    return _tried(request, team, connection, check)


@require_POST
def chat_check(request: AdvisorRequest, team_id: int, check: Check) -> HttpResponse:
    """Ask the gateway now."""
    team = managed_team(request, team_id)
    connection = account_of_team(team)
    return _tried(request, team, connection, check) if connection else redirect("manage_chat", team.pk)


def _tried(request: AdvisorRequest, team: Team, connection: Connection, check: Check) -> HttpResponse:
    if connection.company.is_demo:
        messages.success(request, _("Saved. In the demo nothing leaves this machine."))
    elif check(connection.company_id, connection.pk):
        messages.success(request, _("Saved. The gateway knows the account."))
    else:
        messages.error(request, _("Saved, but the gateway does not accept it. See below."))
    return redirect("manage_chat", team.pk)


def _typed(request: AdvisorRequest) -> ChatAccount:
    names = ("account", "token", "sms", "whatsapp", "api")
    fields = {name: request.POST.get(name, "") for name in names}
    return ChatAccount(**fields, for_company=request.POST.get("for_company") == "on")


def _page(
    request: AdvisorRequest, team: Team, *, typed: ChatAccount | None = None, refused: str = ""
) -> HttpResponse:
    connection = account_of_team(team)
    context = {
        "team": team,
        "connection": connection,
        "form": typed or (ChatAccount.of(connection) if connection else ChatAccount()),
        "refused": refused,
        "now": timezone.now(),
        "problem": problem_of(connection) if connection and connection.problem else None,
        "may_change": may_change_account(request.advisor, team),
        "hook": _hook(connection) if connection else "",
    }
    return render(request, "emailhub/manage/chat.html", context, status=422 if refused else 200)


def _hook(connection: Connection) -> str:
    """Where the gateway is to post what comes in."""
    return settings.URL + reverse("texting_incoming", args=[connection.company_id, connection.pk])

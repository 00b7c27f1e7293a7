"""/manage/teams/3/emailhub/webhook/: how another program hands mail in for the team."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.accounts.models import Team
from emailhub.accounts.permissions import may_manage
from emailhub.delivery.models import Connection
from emailhub.hub.errors import HubError
from emailhub.hub.webhooks import close_webhook, open_webhook, webhook_of

from ..manage import managed_team, team_to_read
from ..requests import AdvisorRequest, intended_method


@require_http_methods(["GET", "POST", "DELETE"])
def webhook(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """GET shows the address, POST makes a secret and shows it once, DELETE closes it."""
    if request.method == "GET":
        return _page(request, team_to_read(request, team_id))
    team, now = managed_team(request, team_id), timezone.now()
    if intended_method(request) == "DELETE":
        close_webhook(team, by=request.advisor, now=now)
        messages.success(request, _("No program can hand mail in by it any more"))
        return redirect("hub_webhook", team.id)
    try:
        _connection, secret = open_webhook(team, by=request.advisor, now=now)
    except HubError as error:
        return _page(request, team, refused=str(error), status=422)
    return _page(request, team, secret=secret)


def _page(
    request: AdvisorRequest, team: Team, *, secret: str = "", refused: str = "", status: int = 200
) -> HttpResponse:
    connection = webhook_of(team)
    context = {
        "team": team,
        "connection": connection,
        "url": _url(connection) if connection else "",
        "secret": secret,
        "refused": refused,
        "may_change": may_manage(request.advisor, team),
        "now": timezone.now(),
    }
    return render(request, "emailhub/hub/webhook.html", context, status=status)


def _url(connection: Connection) -> str:
    return f"{settings.URL}/webhooks/mail/{connection.company_id}/{connection.pk}/"

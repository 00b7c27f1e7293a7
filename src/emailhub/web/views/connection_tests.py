"""/manage/teams/3/emailhub/connection-tests/: POST sends a mail around, out by our relay and in by one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emailhub.delivery.connection_work import look_soon
from emailhub.delivery.models import Connection
from emailhub.hub.errors import HubError
from emailhub.hub.probes import send_probe

from ..connection_list import MAILBOXES
from ..manage import managed_team
from ..requests import AdvisorRequest


@require_POST
def connection_tests(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """`connection` is one of the team's mailboxes: what else it has takes no mail to an address."""
    team = managed_team(request, team_id)
    asked, now = request.POST.get("connection", ""), timezone.now()
    mailboxes = Connection.objects.filter(team=team, kind__in=MAILBOXES).exclude(state=Connection.State.OFF)
    is_number = asked.isdecimal() and len(asked) < 19
    connection = mailboxes.filter(pk=int(asked) if is_number else 0).first()
    if connection is None:
        messages.error(request, _("The team has no such connection any more."))
        return redirect("emailhub", team.id)
    try:
        send_probe(team, connection.name, by=request.advisor, now=now)
    except HubError as error:
        messages.error(request, str(error))
    else:
        look_soon(connection.pk, now=now)
        messages.success(request, _("A test to %(address)s is on its way") % {"address": connection.name})
    return redirect("emailhub", team.id)

"""/manage/start/: what a new company does next, and which of it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emailhub.accounts.invitations import open_invitations
from emailhub.accounts.models import Advisor
from emailhub.accounts.permissions import manageable_teams
from emailhub.desk.models import Ticket
from emailhub.hub.models import HubAddress, OpeningHours

from ..manage import require_admin
from ..requests import AdvisorRequest


@dataclass(frozen=True)
class Step:
    """Something to do, and where."""

    title: str
    text: str
    url: str
    action: str
    is_done: bool


@require_safe
def start(request: AdvisorRequest) -> HttpResponse:
    require_admin(request)
    addresses = HubAddress.objects.filter(team__deleted_at__isnull=True).select_related("team")
    context = {"addresses": addresses.order_by("team__name", "pk"), "steps": _steps(request.advisor)}
    return render(request, "emailhub/manage/start.html", context)


def _steps(advisor: Advisor) -> list[Step]:
    team = manageable_teams(advisor)[0]
    colleagues = Advisor.objects.exclude(pk=advisor.pk).exists() or open_invitations().exists()
    return [
        Step(
            _("Write to your team's address"),
            _("From any mailbox of yours: the first ticket appears by itself."),
            reverse("tickets"),
            _("To the tickets"),
            Ticket.objects.exists(),
        ),
        Step(
            _("Invite your colleagues"),
            _("They get a mail with a link and choose their own password."),
            reverse("manage_invitations"),
            _("Invite"),
            colleagues,
        ),
        Step(
            _("Say when you are there"),
            _("Business hours and holidays, for automatic replies after hours."),
            reverse("manage_hours", args=[team.pk]),
            _("Business hours"),
            OpeningHours.objects.exists(),
        ),
        Step(
            _("Write your email signature"),
            _("Customers see with whom they are speaking."),
            reverse("profile") + "#signature",
            _("User profile"),
            bool(advisor.signature),
        ),
    ]

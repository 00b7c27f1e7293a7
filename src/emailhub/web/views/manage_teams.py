"""/manage/teams/: all teams of the company, and a new one. /manage/teams/3/: what one is called; its end."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from emailhub.accounts.errors import LastTeamError
from emailhub.accounts.models import Team
from emailhub.accounts.teams import change_team, create_team
from emailhub.desk.models import Ticket
from emailhub.hub.identity import switch_on
from emailhub.hub.models import HubAddress
from emailhub.intake.team_removal import delete_team

from ..manage import managed_team, require_admin
from ..requests import AdvisorRequest
from ..time_zones import zone_choices


class NewTeamForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    has_email = forms.BooleanField(
        label=gettext_lazy("With an email address"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Made from the team's name and the company's. It can come later as well."),
    )


class TeamForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)
    is_hidden = forms.BooleanField(
        label=gettext_lazy("Hidden"),
        required=False,
        help_text=gettext_lazy(
            "Not shown where customers choose a team. Mail to its addresses still arrives."
        ),
    )

    def __init__(self, team: Team, posted: QueryDict | None) -> None:
        values = {"name": team.name, "time_zone": team.time_zone, "is_hidden": team.is_hidden}
        super().__init__(posted, initial=values)
        as_company = _("As the company: %(zone)s") % {"zone": team.company.time_zone.replace("_", " ")}
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [("", as_company), *zone_choices()]


@require_http_methods(["GET", "POST"])
def teams(request: AdvisorRequest) -> HttpResponse:
    require_admin(request)
    form = NewTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        team = _create(request, form)
        messages.success(request, _("Team %(team)s has been created") % {"team": team.name})
        return redirect("manage_members", team.pk)
    context = {"teams": _rows(request), "form": form}
    return render(request, "emailhub/manage/teams.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def team(request: AdvisorRequest, team_id: int) -> HttpResponse:
    found = managed_team(request, team_id)
    form = TeamForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_team(found, **form.cleaned_data, by=request.advisor, now=timezone.now())
        messages.success(request, _("Saved"))
        return redirect("manage_team", team_id)
    status = 422 if form.errors else 200
    return render(request, "emailhub/manage/team.html", {"team": found, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def removal(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/manage/teams/3/removal/: GET asks who inherits tickets and addresses; POST deletes the team."""
    require_admin(request)
    found = managed_team(request, team_id)
    others = [team for team in request.advisor.company_teams if team != found]
    if request.method == "POST":
        heir = next((team for team in others if str(team.pk) == request.POST.get("heir")), None)
        try:
            delete_team(found, heir=heir, by=request.advisor, now=timezone.now())
        except LastTeamError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Team %(team)s has been deleted") % {"team": found.name})
            return redirect("manage_teams")
    context = {
        "team": found,
        "others": others,
        "addresses": HubAddress.objects.filter(team=found).order_by("pk"),
        "open_count": Ticket.objects.of_team(found.pk).not_closed().count(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "emailhub/manage/team_removal.html", context, status=status)


def _create(request: AdvisorRequest, form: NewTeamForm) -> Team:
    with transaction.atomic():
        made = create_team(form.cleaned_data["name"], by=request.advisor, now=timezone.now())
        if form.cleaned_data["has_email"]:
            switch_on(made, by=request.advisor, now=timezone.now())
    return made


def _rows(request: AdvisorRequest) -> list[Team]:
    counted = Team.objects.existing().filter(company_id=request.advisor.company_id)
    counted = counted.annotate(
        member_count=Count("memberships", filter=Q(memberships__advisor__is_active=True))
    )
    return list(counted.prefetch_related("hub_addresses").order_by("name", "pk"))

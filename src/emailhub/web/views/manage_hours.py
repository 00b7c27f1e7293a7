"""/manage/teams/3/hours/: the team's week and its holidays."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.hub.hours import OverlapError, add_holiday, hours_of, remove_holiday, set_hours
from emailhub.hub.models import Holiday

from ..manage import managed_team
from ..requests import AdvisorRequest
from ..weeks import posted_week, read_week, week_of


@require_http_methods(["GET", "POST"])
def hours(request: AdvisorRequest, team_id: int) -> HttpResponse:
    team = managed_team(request, team_id)
    error = ""
    if request.method == "POST":
        try:
            set_hours(team, read_week(request.POST.dict()), by=request.advisor, now=timezone.now())
        except (OverlapError, ValueError):
            error = _("A stretch must end after it begins, and two of one day must not overlap.")
        else:
            messages.success(request, _("Saved"))
            return redirect("manage_hours", team_id)
    now, found = timezone.now(), hours_of(team)
    context = {
        "team": team,
        "days": posted_week(request.POST.dict()) if error else week_of(team),
        "holidays": Holiday.objects.filter(team=team, on__gte=now.date()).order_by("on"),
        "error": error,
        "is_open": found.is_open(now),
        "opens_next": found.opens_next(now),
        "zone": team.zone_name.replace("_", " "),
    }
    return render(request, "emailhub/manage/hours.html", context, status=422 if error else 200)


@require_POST
def holidays(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """/manage/teams/3/holidays/: POST closes the team on a day."""
    team = managed_team(request, team_id)
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        messages.error(request, _("Choose a day."))
    else:
        add_holiday(team, on, request.POST.get("name", ""), by=request.advisor, now=timezone.now())
        messages.success(request, _("Saved"))
    return redirect("manage_hours", team_id)


@require_http_methods(["POST", "DELETE"])
def holiday(request: AdvisorRequest, team_id: int, holiday_id: int) -> HttpResponse:
    """/manage/teams/3/holidays/9/: DELETE opens the team again on that day."""
    team = managed_team(request, team_id)
    found = get_object_or_404(Holiday.objects.select_related("team"), team=team, pk=holiday_id)
    remove_holiday(found, by=request.advisor, now=timezone.now())
    messages.success(request, _("Saved"))
    return redirect("manage_hours", team_id)

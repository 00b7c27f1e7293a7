"""/manage/teams/3/mail/: everything that came is accounted for: sums by day, and where each mail went."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emailhub.accounts.models import Team
from emailhub.hub.models import HubAddress
from emailhub.intake.accounting import FATES, find_deliveries, older_than, sums_by_day
from emailhub.intake.models import ReceivedMessage

from ..manage import team_to_read
from ..received_words import FATES as WORDS
from ..requests import AdvisorRequest

_DAYS = 14
_USUAL = FATES[:3]  # have a column also when they have no mail
_PAGE = 25


@require_safe
def received_mail(request: AdvisorRequest, team_id: int) -> HttpResponse:
    """The sums of the last days, and the mails that `q`, `fate` and `address` ask for, a page at a time."""
    team, now = team_to_read(request, team_id), timezone.now()
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "fate", "address")}
    before = request.GET.get("before", "")
    rows = _page(team, asked, int(before) if before.isdecimal() and len(before) < 19 else None)
    days = sums_by_day(team, since=now - timedelta(days=_DAYS), zone=ZoneInfo(request.advisor.user.time_zone))
    more = {**{name: value for name, value in asked.items() if value}, "before": rows[-1].pk} if rows else {}
    context = {
        "team": team,
        "asked": asked,
        "days": days,
        "fates": [(fate, WORDS[fate]) for fate in FATES],
        "columns": [
            (fate, WORDS[fate])
            for fate in FATES
            if fate in _USUAL or any(fate in day.by_fate for day in days)
        ],
        "addresses": HubAddress.objects.filter(team=team).order_by("id"),
        "lines": [(row, WORDS[row.outcome or row.state]) for row in rows],
        "more": urlencode(more) if len(rows) == _PAGE else "",
        "now": now,
    }
    return render(request, "emailhub/received/page.html", context)


def _page(team: Team, asked: dict[str, str], before: int | None) -> list[ReceivedMessage]:
    fate = asked["fate"] if asked["fate"] in {str(each) for each in FATES} else ""
    rows = find_deliveries(team, words=asked["q"], fate=fate, address=asked["address"])
    return list((older_than(rows, before) if before else rows)[:_PAGE])

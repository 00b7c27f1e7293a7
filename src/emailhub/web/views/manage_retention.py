"""/manage/retention/: for how long closed tickets are kept. ?months= shows what that would delete."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.accounts.company_settings import RETENTION, set_retention
from emailhub.accounts.errors import RetentionError
from emailhub.intake.retention import expired

from ..manage import require_admin
from ..requests import AdvisorRequest


@require_http_methods(["GET", "POST"])
def retention(request: AdvisorRequest) -> HttpResponse:
    """POST takes effect from the next hour on; without months everything is kept."""
    require_admin(request)
    now = timezone.now()
    if request.method == "POST":
        try:
            set_retention(_months(request.POST.get("months", "")), by=request.advisor, now=now)
        except RetentionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved"))
        return redirect("manage_retention")
    asked = _months(request.GET.get("months", ""))
    months = asked if asked in RETENTION else None
    company = request.advisor.company
    count = expired(company.pk, months, now=now).count() if months else None
    context = {"company": company, "months": months, "count": count, "limits": RETENTION}
    return render(request, "emailhub/manage/retention.html", context)


def _months(typed: str) -> int | None:
    """None: keep everything. What is no number is one that is never allowed."""
    if not typed.strip():
        return None
    return int(typed) if typed.isdecimal() and len(typed) < 5 else -1

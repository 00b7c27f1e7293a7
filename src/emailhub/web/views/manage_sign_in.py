"""/manage/sign-in/: whether a second factor is demanded, and who has none or has lost theirs."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.accounts.models import Advisor
from emailhub.accounts.second_factor import WorksElsewhereError, demand, factors, take_away

from ..manage import require_admin
from ..requests import AdvisorRequest


@require_http_methods(["GET", "POST"])
def sign_in(request: AdvisorRequest) -> HttpResponse:
    """POST demands a second factor of everybody, or demands it no more."""
    require_admin(request)
    company = request.advisor.company
    if request.method == "POST":
        demand(company, request.POST.get("demanded") == "on", by=request.advisor, now=timezone.now())
        messages.success(request, _("Saved"))
        return redirect("manage_sign_in")
    people = Advisor.objects.filter(company_id=company.pk, is_active=True).select_related("user")
    people = people.annotate(protected=Exists(factors().filter(user=OuterRef("user")))).order_by("user__name")
    return render(request, "emailhub/manage/sign_in.html", {"company": company, "people": people})


@require_http_methods(["POST", "DELETE"])
def second_factor(request: AdvisorRequest, advisor_id: int) -> HttpResponse:
    """/manage/advisors/7/second-factor/: DELETE takes away what somebody has lost."""
    require_admin(request)
    people = Advisor.objects.filter(company_id=request.advisor.company_id).select_related("user")
    found = get_object_or_404(people, pk=advisor_id)
    try:
        take_away(found, by=request.advisor, now=timezone.now())
    except WorksElsewhereError:
        messages.error(request, _("They work in another company too. The operator can help."))
    else:
        messages.success(request, _("Taken away. They sign in by password alone until they set up another."))
    return redirect("manage_sign_in")

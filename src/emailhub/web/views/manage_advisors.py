"""/manage/advisors/: who works in the company, as what; who works here no more."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from emailhub.accounts.advisors import set_role, take_back
from emailhub.accounts.errors import AccountsError
from emailhub.accounts.models import Advisor, Role
from emailhub.accounts.permissions import may_remove
from emailhub.desk.departure import heirs, leave_company, open_tickets

from ..manage import require_admin, require_manager
from ..requests import AdvisorRequest, intended_method
from ..takeover import chosen_heir


@require_safe
def advisors(request: AdvisorRequest) -> HttpResponse:
    require_admin(request)
    found = Advisor.objects.filter(company_id=request.advisor.company_id).select_related("user")
    found = found.prefetch_related("memberships__team").order_by("-is_active", "user__name", "pk")
    return render(request, "emailhub/manage/advisors.html", {"advisors": found, "roles": Role.choices})


@require_http_methods(["POST"])
def role(request: AdvisorRequest, advisor_id: int) -> HttpResponse:
    """/manage/advisors/7/role/: POST gives somebody another role."""
    require_admin(request)
    found = _advisor(request, advisor_id)
    wanted = request.POST.get("role", "")
    if wanted not in Role.values:
        messages.error(request, _("Choose a role."))
        return redirect("manage_advisors")
    try:
        set_role(found, Role(wanted), by=request.advisor, now=timezone.now())
    except AccountsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved"))
    return redirect("manage_advisors")


@require_http_methods(["GET", "POST", "DELETE"])
def activity(request: AdvisorRequest, advisor_id: int) -> HttpResponse:
    """/manage/advisors/7/activity/: DELETE lets somebody in no more, GET asks first; POST takes them back."""
    require_manager(request)
    found = _advisor(request, advisor_id)
    if not may_remove(request.advisor, found):
        raise PermissionDenied
    method = intended_method(request)
    if method in {"GET", "HEAD"}:
        return _ask(request, found)
    try:
        _leave(request, found) if method == "DELETE" else _take_back(request, found)
    except AccountsError as error:
        messages.error(request, str(error))
    return redirect("manage_advisors" if request.advisor.is_admin else "manage")


def _leave(request: AdvisorRequest, leaver: Advisor) -> None:
    heir = chosen_heir(request, heirs(leaver))
    leave_company(leaver, heir=heir, by=request.advisor, now=timezone.now())
    messages.success(request, _("%(name)s can no longer sign in here") % {"name": leaver})


def _take_back(request: AdvisorRequest, found: Advisor) -> None:
    take_back(found, by=request.advisor, now=timezone.now())
    messages.success(request, _("%(name)s works here again") % {"name": found})


def _ask(request: AdvisorRequest, leaver: Advisor) -> HttpResponse:
    context = {"leaver": leaver, "open_count": open_tickets(leaver).count(), "heirs": heirs(leaver)}
    return render(request, "emailhub/manage/advisor_leaves.html", context)


def _advisor(request: AdvisorRequest, advisor_id: int) -> Advisor:
    found = Advisor.objects.filter(company_id=request.advisor.company_id).select_related("user", "company")
    return get_object_or_404(found, pk=advisor_id)

"""/sessions/: where one is signed in. DELETE signs out there, or everywhere."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.accounts.sessions import digest, end_all_sessions, end_session

from ..requests import AdvisorRequest


@require_http_methods(["POST", "DELETE"])
def sessions(request: AdvisorRequest) -> HttpResponse:
    """Sign out everywhere, here as well."""
    end_all_sessions(by=request.advisor.user)
    logout(request)
    return redirect("account_login")


@require_http_methods(["POST", "DELETE"])
def session(request: AdvisorRequest, key: str) -> HttpResponse:
    """Sign out in one browser."""
    if key == digest(request.session.session_key or ""):
        logout(request)
        return redirect("account_login")
    if not end_session(key, by=request.advisor.user):
        raise Http404
    messages.success(request, _("Signed out there"))
    return redirect("profile")

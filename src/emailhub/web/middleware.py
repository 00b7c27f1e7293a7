"""What every request passes: whose company it is, and which language and time zone it speaks."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation

from emailhub.accounts.entrance import companies_of
from emailhub.accounts.models import Advisor, User
from emailhub.accounts.tenancy import company

Next = Callable[[HttpRequest], HttpResponseBase]


class LanguageMiddleware:
    """The user's own language and time zone; before sign-in the cookie's or the browser's language."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User):
            language, zone = user.language, ZoneInfo(user.time_zone)
        else:
            language, zone = translation.get_language_from_request(request), ZoneInfo("UTC")
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class CompanyMiddleware:
    """Run a signed-in request inside its company: one transaction, with the advisor at `request.advisor`.

    Pages that belong to no company (sign-in, static files) run outside and see no tenant row. A user
    who is an active advisor nowhere is told so. An answer of 500 or an exception rolls all back.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not isinstance(request.user, User) or _is_outside(request.path):
            return self.get_response(request)
        company_id = _company_id(request)
        if company_id is None:
            return render(request, "emailhub/no_company.html", status=403)
        try:
            with company(company_id):
                request.advisor = _advisor(request.user)  # type: ignore[attr-defined]
                return _refuse_to_keep_failures(self.get_response(request))
        except _FailedError as failed:
            return failed.response


class _FailedError(Exception):
    """Leaves the company's transaction so that nothing of a failed request is kept."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


def _refuse_to_keep_failures(response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code >= 500:
        raise _FailedError(response)
    return response


def _advisor(user: User) -> Advisor:
    """The user as an advisor of the company, with the memberships by which rights are told."""
    advisors = Advisor.objects.select_related("user", "company").prefetch_related("memberships")
    return advisors.get(user=user)


def _is_outside(path: str) -> bool:
    return path.startswith((settings.STATIC_URL, "/account/"))


def _company_id(request: HttpRequest) -> int | None:
    """The company chosen in this session, as long as the user is an active advisor of it."""
    own = companies_of(request.user.pk or 0)
    chosen = request.session.get("company_id")
    if chosen in own:
        return int(chosen)
    return own[0] if own else None

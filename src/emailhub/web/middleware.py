"""What every request passes: whose company it is, and which language and time zone it speaks."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import OperationalError
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from emailhub.accounts.entrance import companies_of
from emailhub.accounts.models import Advisor, User
from emailhub.accounts.second_factor import is_missing
from emailhub.accounts.sessions import note_use
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutboxHold
from emailhub.desk.notifications import unread_marks
from emailhub.desk.saved_views import saved_view_rows
from emailhub.hub.found_company import is_first_run

from .requests import wants_fragment

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


class UseMiddleware:
    """Keep when and from where each session was used last, for the list of them in the profile."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            note_use(
                request.session,
                address=request.META.get("REMOTE_ADDR", ""),
                browser=request.headers.get("User-Agent", ""),
                now=timezone.now(),
            )
        return self.get_response(request)


class FirstRunMiddleware:
    """While there is no company nobody can sign in: who tries is led to the page that makes the first one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self._has_company = False  # once there is one, nobody is asked again

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self._has_company and request.path == reverse(settings.LOGIN_URL) and self._is_first_run():
            return redirect("first_run")
        return self.get_response(request)

    def _is_first_run(self) -> bool:
        """Without the database the door is shown as it is."""
        try:
            self._has_company = not is_first_run()
        except OperationalError:
            return False
        return not self._has_company


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
        if _has_nul(request):
            return HttpResponseBadRequest(_("A field holds a character that cannot be stored (NUL)."))
        chosen = request.session.get("company_id")
        if chosen is not None and (response := self._inside(chosen, request.user, request)):
            return response
        for company_id in companies_of(request.user.pk):
            if response := self._inside(company_id, request.user, request):
                request.session["company_id"] = company_id  # the next request need not ask
                return response
        return render(request, "emailhub/no_company.html", status=403)

    def _inside(self, company_id: int, user: User, request: HttpRequest) -> HttpResponseBase | None:
        """The answer of a company, or None where the user is no active advisor (any more)."""
        try:
            with company(company_id):
                advisor = _advisor(user)
                if advisor is None:
                    return None
                if is_missing(user, advisor.company):
                    return _lead_to_second_factor(request)
                request.advisor = advisor  # type: ignore[attr-defined]
                response = self.get_response(request)
                # What a company sees stays out of caches, also of a browser that the next person uses.
                response.headers.setdefault("Cache-Control", "private, no-store")
                return _refuse_to_keep_failures(response)
        except _FailedError as failed:
            return failed.response


class _FailedError(Exception):
    """Leaves the company's transaction so that nothing of a failed request is kept."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


def _lead_to_second_factor(request: HttpRequest) -> HttpResponseBase:
    """To the page on which it is set up; a script that asked for a piece of a page leads there as a whole."""
    where = reverse("mfa_index")
    return HttpResponseClientRedirect(where) if wants_fragment(request) else redirect(where)


def _refuse_to_keep_failures(response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code >= 500:
        raise _FailedError(response)
    return response


def _advisor(user: User) -> Advisor | None:
    """The user as an active advisor of the company, with what every page says to everybody.

    In one question: `restored_to` is the instant of the back-up whose outbox is still held, and
    `unread_marks` what the bell counts.
    """
    advisors = Advisor.objects.select_related("user", "company").filter(user=user, is_active=True)
    held = Subquery(OutboxHold.objects.values("taken_at"))
    return advisors.annotate(
        restored_to=held, unread_marks=unread_marks(), saved_view_rows=saved_view_rows()
    ).first()


def _has_nul(request: HttpRequest) -> bool:
    """Whether a field holds U+0000, which no text column of PostgreSQL takes. No keyboard types it."""
    fields = (request.GET, request.POST)
    return any("\0" in value for query in fields for values in query.lists() for value in values[1])


def _is_outside(path: str) -> bool:
    outside = ("/account/", "/first-run/", "/invitations/", "/webhooks/", "/media/texting/", "/files/")
    return path.startswith((settings.STATIC_URL, *outside))

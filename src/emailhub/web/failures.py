"""The pages for what went wrong. They ask the database for nothing: it may be what failed."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; or the door, for somebody who was signed out while the page was at work."""
    if isinstance(exception, SessionInterrupted):
        return redirect("account_login")
    return _page(request, "bad_request", HTTPStatus.BAD_REQUEST)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many attempts of one kind."""
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = "300"
    return response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the sentence of the refusal where it has one."""
    return _page(request, "forbidden", HTTPStatus.FORBIDDEN, why=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it does not exist, or it is another team's; nobody learns which."""
    return _page(request, "not_found", HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database cannot be reached. Django calls this while it handles the exception."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _page(request, "broken", HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, with a page that tries again by itself. Whose language it is, only the database would know."""
    with translation.override(translation.get_language_from_request(request)):
        response = _page(request, "unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "5"
    if request.method == "GET":
        response["Refresh"] = "5"
    return response


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: usually an old page, or one that was signed out meanwhile."""
    return _page(request, "csrf", HTTPStatus.FORBIDDEN)


def _page(request: HttpRequest, name: str, status: HTTPStatus, **context: str) -> HttpResponse:
    return render(request, f"emailhub/failures/{name}.html", context, status=status)

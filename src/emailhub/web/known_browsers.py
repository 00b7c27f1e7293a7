"""Browsers in which somebody was signed in before: a cookie says so, and it opens nothing.

Who guesses at an account's password from elsewhere uses up the attempts of all strange browsers together.
The owner's own browser has attempts of its own, so guessing cannot shut the owner out.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from emailhub.accounts.models import User

COOKIE = "__Host-browser" if settings.SECURE else "emailhub_browser"
STRANGE = "strange"
_SALT = "emailhub.web.known_browsers"
_AGE = 180 * 24 * 3600  # seconds without a sign-in, after which a browser is strange again
_USERS = 5  # who share a browser; the longest ago is forgotten


def remember(request: HttpRequest, response: HttpResponse, user: User) -> HttpResponse:
    """Let this browser be known to the user's account from now on."""
    name, users = _read(request)
    users = [*(one for one in users if one != user.pk), user.pk][-_USERS:]
    response.set_cookie(
        COOKIE,
        signing.dumps([name or secrets.token_hex(8), users], salt=_SALT),
        max_age=_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def name_of(request: HttpRequest, email: str) -> str:
    """The browser's name, if the owner of the account has used it; STRANGE for every other."""
    name, users = _read(request)
    if not users or not User.objects.filter(pk__in=users, email__iexact=email).exists():
        return STRANGE
    return name


def _read(request: HttpRequest) -> tuple[str, list[int]]:
    try:
        name, users = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE)
    except (signing.BadSignature, ValueError):
        return "", []
    return name, users

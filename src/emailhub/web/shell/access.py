"""What the session of an event stream may hear. Asked once at its start, and again when that changes."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from emailhub.accounts.entrance import companies_of
from emailhub.accounts.models import Advisor, User
from emailhub.accounts.second_factor import is_missing
from emailhub.accounts.sessions import SessionStore, digest
from emailhub.accounts.tenancy import company


@dataclass(frozen=True)
class Access:
    """Whose stream it is, and the teams that it hears of."""

    company_id: int
    advisor_id: int
    user_id: int
    session: str  # its digest: the key itself is nobody's to compare
    team_ids: frozenset[int]


def cookies_of(scope: MutableMapping[str, Any]) -> str:
    """The Cookie header of an ASGI request."""
    return b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")


def access_of(cookie_header: str) -> Access | None:
    """The access of the session in a Cookie header, or None for nobody's."""
    close_old_connections()
    try:
        return _access(cookie_header)
    finally:
        close_old_connections()


def _access(cookie_header: str) -> Access | None:
    key = _session_key(cookie_header)
    if not key:
        return None
    request = HttpRequest()
    request.session = SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User):
        return None
    own = companies_of(user.pk)
    chosen = request.session.get("company_id")
    company_id = chosen if chosen in own else next(iter(own), None)
    if company_id is None:
        return None
    with company(company_id):
        advisor = Advisor.objects.select_related("company").get(user=user)
        if is_missing(user, advisor.company):
            return None
        teams = advisor.readable_team_ids()
    return Access(company_id, advisor.id, user.pk, digest(key), teams)


def _session_key(cookie_header: str) -> str:
    try:
        morsel = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""

"""Sign in at Microsoft, for the application or for a person, with MSAL over our guarded way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import msal
from django.conf import settings

from emailhub.delivery.connection_work import Trouble
from emailhub.egress import http

from .trouble import NOT_CONFIGURED, SignInError, refused_token

ANY_TENANT = "organizations"  # work and school accounts of any tenant
PERSON_SCOPES = ["Mail.ReadWrite.Shared", "Mail.Send.Shared"]  # MSAL adds those of the sign-in
APPLICATION_SCOPES = ["https://graph.microsoft.com/.default"]
_SECONDS = 15.0
_applications: dict[tuple[str, str, str], msal.ConfidentialClientApplication] = {}


@dataclass(frozen=True)
class Person:
    """Who signed in, proved by the token endpoint's own answer."""

    tenant: str
    user: str
    cache: str = field(repr=False)  # MSAL's, with the refresh token: a secret


def is_configured() -> bool:
    """Whether the operator has registered EmailHub at Microsoft."""
    return bool(settings.GRAPH_CLIENT_ID and settings.GRAPH_CLIENT_SECRET)


def consent_url(tenant: str, *, redirect_uri: str, state: str) -> str:
    """Where an administrator of the tenant lets the application in (v1: all permissions registered)."""
    query = {"client_id": settings.GRAPH_CLIENT_ID, "redirect_uri": redirect_uri, "state": state}
    return f"{settings.GRAPH_LOGIN_URL}/{tenant}/adminconsent?{urlencode(query)}"


def begin(*, redirect_uri: str, mailbox_rights: bool) -> dict[str, Any]:
    """Begin an authorisation code flow with PKCE (RFC 7636). Keep it in the session; `auth_uri` is next.

    Without `mailbox_rights` it only proves who somebody is, and of which tenant. Raises SignInError.
    """
    scopes = PERSON_SCOPES if mailbox_rights else []
    flow: dict[str, Any] = _new(ANY_TENANT).initiate_auth_code_flow(scopes, redirect_uri=redirect_uri)
    return flow


def finish(flow: Mapping[str, Any], answer: Mapping[str, str]) -> Person:
    """Exchange the code with which the browser came back. Raises SignInError, also for another state."""
    cache = msal.SerializableTokenCache()
    try:
        found = _new(ANY_TENANT, cache).acquire_token_by_auth_code_flow(dict(flow), dict(answer))
    except ValueError as error:  # the state is not the one that this browser was given
        raise SignInError(Trouble("graph_state", str(error))) from error
    except httpx.HTTPError as error:
        raise _away(error) from error
    claims = found.get("id_token_claims") or {}
    if "error" in found or not claims.get("tid"):
        raise refused_token(found)
    return Person(claims["tid"], claims.get("preferred_username", ""), cache.serialize())


def application_token(tenant: str, *, anew: bool = False) -> str:
    """A token of the application for a tenant whose administrator has let it in. Raises SignInError."""
    key = (settings.GRAPH_LOGIN_URL, settings.GRAPH_CLIENT_ID, tenant)
    if anew:
        _applications.pop(key, None)
    try:
        application = _applications.pop(key, None) or _new(tenant)
        token = _token_in(application.acquire_token_for_client(APPLICATION_SCOPES))
        _applications[key] = application  # one that was refused repeats that for a minute by itself
        return token
    except httpx.HTTPError as error:
        raise _away(error) from error


def person_token(cached: str, *, anew: bool = False) -> tuple[str, str]:
    """A token of a person, and the cache to keep, which has another refresh token in it after a renewal.

    Raises SignInError.
    """
    cache = msal.SerializableTokenCache()
    cache.deserialize(cached)
    try:
        application = _new(ANY_TENANT, cache)
        account = next(iter(application.get_accounts()), None)
        if account is None:
            raise SignInError(Trouble("graph_sign_in", needs_somebody=True))
        found = application.acquire_token_silent_with_error(PERSON_SCOPES, account, force_refresh=anew)
    except httpx.HTTPError as error:
        raise _away(error) from error
    return _token_in(found or {"error": "invalid_grant"}), cache.serialize()


def _new(tenant: str, cache: msal.TokenCache | None = None) -> msal.ConfidentialClientApplication:
    """MSAL without its question to Microsoft which authorities there are: the operator has named one."""
    if not is_configured():
        raise SignInError(NOT_CONFIGURED)
    try:
        return msal.ConfidentialClientApplication(
            settings.GRAPH_CLIENT_ID,
            client_credential=settings.GRAPH_CLIENT_SECRET,
            authority=f"{settings.GRAPH_LOGIN_URL}/{tenant}",
            instance_discovery=False,
            token_cache=cache,
            http_client=_Guarded(),
        )
    except ValueError as error:  # the sign-in knows no such tenant
        raise SignInError(Trouble("graph_consent", str(error)[:300], needs_somebody=True)) from error
    except httpx.HTTPError as error:
        raise _away(error) from error


def _token_in(found: Mapping[str, Any]) -> str:
    if "access_token" not in found:
        raise refused_token(dict(found))
    return str(found["access_token"])


def _away(error: httpx.HTTPError) -> SignInError:
    return SignInError(Trouble("graph_away", f"{settings.GRAPH_LOGIN_URL}: {error}"))


class _Guarded:
    """The two methods that MSAL asks of a client, by our guarded way out."""

    def get(self, url: str, *, params: Any = None, headers: Any = None, **_more: object) -> httpx.Response:
        with http.client(seconds=_SECONDS) as client:
            return client.get(url, params=params, headers=headers)

    def post(
        self, url: str, *, params: Any = None, data: Any = None, headers: Any = None, **_more: object
    ) -> httpx.Response:
        with http.client(seconds=_SECONDS) as client:
            return client.post(url, params=params, data=data, headers=headers)

    def close(self) -> None:
        """Each call has closed its own."""

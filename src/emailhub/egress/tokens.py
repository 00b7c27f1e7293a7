"""Access tokens of OAuth 2: had for a refresh token, at the provider's token endpoint (RFC 6749 6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from .http import client

_BYTES = 64 * 1024


class TokenRefusedError(Exception):
    """The provider does not know the consent any more: somebody must give it anew. `code` is its word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TokenUnavailableError(Exception):
    """The provider does not answer, or not as it should: later."""


@dataclass(frozen=True)
class Grant:
    """What a company has been given to ask with. Some providers give another refresh token each time."""

    endpoint: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True)
class Token:
    """An access token, for how many seconds it is good, and the refresh token from now on."""

    access: str = field(repr=False)
    seconds: int
    refresh: str = field(repr=False)


def access_token(grant: Grant) -> Token:
    """A fresh access token. Raises TokenRefusedError, TokenUnavailableError."""
    asked = {
        "grant_type": "refresh_token",
        "client_id": grant.client_id,
        "client_secret": grant.client_secret,
        "refresh_token": grant.refresh_token,
    }
    answer = _ask(grant.endpoint, asked)
    seconds = answer.get("expires_in")
    return Token(
        str(answer["access_token"]),
        seconds if isinstance(seconds, int) else 0,
        str(answer.get("refresh_token") or grant.refresh_token),
    )


def _ask(endpoint: str, form: dict[str, str]) -> dict[str, Any]:
    try:
        with client(max_bytes=_BYTES) as http:
            response = http.post(endpoint, data=form)
        answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise TokenUnavailableError(type(error).__name__) from error
    if not isinstance(answer, dict):
        raise TokenUnavailableError("no object")
    if response.status_code in (400, 401) and isinstance(answer.get("error"), str):
        raise TokenRefusedError(answer["error"][:100])
    if response.status_code != 200 or not isinstance(answer.get("access_token"), str):
        raise TokenUnavailableError(str(response.status_code))
    return answer

"""Calls of Graph: with a token, to its own origin alone, and each refusal a GraphError."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import httpx
from django.conf import settings
from django.utils import timezone

from emailhub.egress import http

from .trouble import GraphError

_SECONDS = 120.0  # for one call with all its bytes
_MARGIN = 1024 * 1024
_IMMUTABLE = 'IdType="ImmutableId"'
_LONGEST_WAIT = 3600.0


class Token(Protocol):
    """Gives a token; `anew` if the last one was refused. Raises SignInError."""

    def __call__(self, *, anew: bool = False) -> str: ...


@contextmanager
def graph(token: Token) -> Iterator[Graph]:
    """Graph, for as long as a few calls take."""
    most = settings.MAX_MESSAGE_SIZE + _MARGIN
    with http.client(seconds=_SECONDS, max_bytes=most) as client:
        yield Graph(client, token, f"{settings.GRAPH_URL}/v1.0")


class Graph:
    """Microsoft Graph with one token. Every call may raise GraphError and SignInError."""

    def __init__(self, client: httpx.Client, token: Token, root: str) -> None:
        self._client = client
        self._token = token
        self._root = root

    def get(self, path: str, **options: Any) -> dict[str, Any]:
        """The JSON of an address below the root, or of a link that Graph itself gave."""
        return _json(self.request("GET", path, **options))

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Another method with JSON, and the JSON that it answers, empty where there is none."""
        return _json(self.request(method, path, json=body))

    def request(
        self,
        method: str,
        path: str,
        *,
        prefer: str = "",
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> httpx.Response:
        """One call; a token that has run out is renewed once."""
        url = self._url_of(path)
        prefers = ", ".join(filter(None, (_IMMUTABLE, prefer)))
        for anew in (False, True):
            bearer = {"Authorization": f"Bearer {self._token(anew=anew)}"}
            response = self._answer(
                method, url, headers={"Prefer": prefers, **bearer, **(headers or {})}, **body
            )
            if response.status_code != 401:
                break
        return _accepted(response)

    def stream(self, path: str, enough: Callable[[int], bool]) -> tuple[bytes, bool]:
        """The bytes of an address, and whether they are all: reading ends when `enough` says so."""
        headers = {"Authorization": f"Bearer {self._token()}", "Prefer": _IMMUTABLE}
        try:
            with self._client.stream("GET", self._url_of(path), headers=headers) as response:
                if response.status_code != 200:
                    response.read()
                    _accepted(response)
                parts: list[bytes] = []
                size = 0
                for part in response.iter_bytes():
                    parts.append(part)
                    size += len(part)
                    if enough(size):
                        return b"".join(parts), False
                return b"".join(parts), True
        except httpx.HTTPError as error:
            raise _unanswered(error) from error

    def put_elsewhere(self, url: str, content: bytes, span: str) -> httpx.Response:
        """A part of a large attachment, to its session's address, which is a secret and needs no token."""
        headers = {"Content-Type": "application/octet-stream", "Content-Range": span}
        try:
            return _accepted(self._client.put(url, content=content, headers=headers))
        except httpx.HTTPError as error:  # its words would name the address
            raise GraphError(0, words=type(error).__name__) from None

    def _answer(self, method: str, url: str, **options: Any) -> httpx.Response:
        try:
            return self._client.request(method, url, **options)
        except httpx.HTTPError as error:
            raise _unanswered(error) from error

    def _url_of(self, path: str) -> str:
        """Links come from outside: none may lead our token anywhere else."""
        if path.startswith("/"):
            return self._root + path
        if not path.startswith(f"{self._root}/"):
            raise GraphError(0, "foreignlink", "a link of Graph leads to another place")
        return path


def _json(response: httpx.Response) -> dict[str, Any]:
    if not response.content:
        return {}
    try:
        found = response.json()
    except ValueError as error:
        raise GraphError(0, words="the answer is no JSON") from error
    return found if isinstance(found, dict) else {}


def _accepted(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    code, words = _error_in(response)
    if id := response.headers.get("request-id"):
        words = f"{words} (request {id})"
    raise GraphError(response.status_code, code, words, _wait_of(response))


def _error_in(response: httpx.Response) -> tuple[str, str]:
    """The innermost code, by which Graph is more exact than by the outer one, and the words."""
    try:
        error = response.json().get("error") or {}
    except (ValueError, AttributeError):
        return "", ""
    if not isinstance(error, dict):
        return "", ""
    inner = error.get("innerError") or error.get("innererror") or {}
    code = (inner.get("code") if isinstance(inner, dict) else "") or error.get("code")
    return str(code or ""), str(error.get("message") or "")[:300]


def _wait_of(response: httpx.Response) -> float:
    """Seconds that Retry-After asks for; it may be a date (RFC 9110 10.2.3)."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return min(float(asked[:6]), _LONGEST_WAIT)
    try:
        seconds = (parsedate_to_datetime(asked) - timezone.now()).total_seconds()
    except (ValueError, TypeError):
        return 0.0
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def _unanswered(error: httpx.HTTPError) -> GraphError:
    return GraphError(0, words=f"{type(error).__name__}: {error}")

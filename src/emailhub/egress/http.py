"""HTTP to hosts that others name: to checked addresses only, within a size and a time, through no proxy."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any, cast
from urllib.parse import urlsplit

import httpcore
import httpx

from .guard import ForbiddenAddressError, public_addresses

SECONDS = 10.0  # for one request with its redirects' own each, from the connection to the last byte
BYTES = 5 * 1024 * 1024  # of one response
_REDIRECTS = 5
# Until when the request that this thread makes has to be done. The connections are kept and shared by
# requests, so it cannot be theirs; and httpx knows a limit for each reading, not for all together.
_until: ContextVar[float] = ContextVar("egress_until", default=float("inf"))


class ResponseTooLargeError(httpx.TransportError):
    """There was more than the caller takes, or it was packed so that nobody knows how much it is."""


def client(
    *,
    seconds: float = SECONDS,
    max_bytes: int = BYTES,
    in_all: bool = False,
    follow_redirects: bool = False,
    headers: dict[str, str] | None = None,
) -> httpx.Client:
    """A client whose every connection, also after a redirect, leads to a checked address.

    `seconds` are for each request and each redirect, or `in_all` from now.

    What fails is an httpx.HTTPError. Close it, or use it in a `with`.
    """
    return _Client(
        transport=_GuardedTransport(seconds, max_bytes, in_all=in_all),
        timeout=seconds,
        follow_redirects=follow_redirects,
        max_redirects=_REDIRECTS,
        headers={"Accept-Encoding": "identity", "User-Agent": "EmailHub", **(headers or {})},
        trust_env=False,
    )


class _Client(httpx.Client):
    """Also an address that is none fails as everything else does."""

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        try:
            return super().build_request(method, url, **options)
        except httpx.InvalidURL as error:
            raise httpx.UnsupportedProtocol(str(error)) from error


def is_askable(url: str) -> bool:
    """Whether it is an https address with a host, to which a request can be made at all."""
    try:
        httpx.URL(url)
        place = urlsplit(url)
        return place.scheme == "https" and bool(place.hostname) and place.port != 0
    except (ValueError, httpx.InvalidURL):
        return False


class _GuardedTransport(httpx.HTTPTransport):
    def __init__(self, seconds: float, max_bytes: int, *, in_all: bool) -> None:
        super().__init__(trust_env=False)
        self._seconds, self._max_bytes = seconds, max_bytes
        self._until = time.monotonic() + seconds if in_all else float("inf")
        # httpx has no way to hand in a backend; tests/egress hold that its transport uses this pool.
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=_GuardedBackend(), max_connections=20
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        until = min(time.monotonic() + self._seconds, self._until)
        _until.set(until)
        response = super().handle_request(request)
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            response.close()
            raise ResponseTooLargeError("the response is packed, though nobody asked for that")
        stream = cast(httpx.SyncByteStream, response.stream)
        response.stream = _LimitedStream(stream, until, self._max_bytes)
        return response


class _LimitedStream(httpx.SyncByteStream):
    """A response's bytes, as long as they are not too many and come in time."""

    def __init__(self, stream: httpx.SyncByteStream, until: float, most: int) -> None:
        self._stream, self._until, self._most = stream, until, most

    def __iter__(self) -> Iterator[bytes]:
        _until.set(self._until)
        seen = 0
        for part in self._stream:
            seen += len(part)
            if seen > self._most:
                raise ResponseTooLargeError(f"the response is larger than {self._most} bytes")
            yield part

    def close(self) -> None:
        self._stream.close()


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to the first checked address of a host that answers."""

    def __init__(self) -> None:
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        last: Exception = httpcore.ConnectError("no connection to this host")
        for address in self._addresses(host, port):
            try:
                stream = self._network.connect_tcp(
                    address, port, _left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _TimedStream(stream)
        raise last

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            return public_addresses(host, port)
        except ForbiddenAddressError as error:
            raise httpcore.ConnectError(str(error)) from error


class _TimedStream(httpcore.NetworkStream):
    """A connection on which each reading and writing ends with its request's time."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float:
    """What is left of the request's time, at most `timeout`. Raises httpcore.ReadTimeout."""
    left = _until.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the request took too long")
    return left if timeout is None else min(left, timeout)

"""Hand each request to the stream or to Django, and keep slow clients away from Django's threads."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any, cast

import structlog
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core import signing

from emailhub.web.downloads import FILE_HEADER, SHELL, stored_path

from .connection import abort_of
from .headers import POLICIES
from .live import Hub, stream
from .spool import TooLargeError, TooSlowError, spool

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

log = structlog.get_logger()
THREADS = 16
SEND_IDLE = 60.0  # seconds that a client may take none of what it is sent
_CHUNK = 256 * 1024
_FILE_HEADER = FILE_HEADER.lower().encode()


class StalledError(Exception):
    """The client took nothing for SEND_IDLE seconds. Its connection is gone."""


class Shell:
    """An ASGI application around Django's WSGI handler."""

    def __init__(self, pages: Wsgi) -> None:
        # A queue without limit: a page is handed over whole, and its thread is free again.
        # Its types name every ASGI message; ours need not.
        self.pages: Any = WSGIMiddleware(cast(Any, _marked(pages)), workers=THREADS, send_queue_size=0)
        self.hub = Hub()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/events":
            await stream(self.hub, scope, receive, send)
        elif scope["type"] == "http":
            await self._page(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with spool(scope, receive, at_most=settings.MAX_ATTACHMENTS_SIZE + 1024 * 1024) as body:
                await self.pages(scope, body, _Outlet(send, scope))
        except StalledError:
            log.info("a client took nothing for too long", path=scope["path"])
        except TooLargeError:
            await _refuse(send, 413, b"The upload is too large.")
        except TooSlowError:
            await _refuse(send, 408, b"The upload stood still for too long.")


class _Outlet:
    """Send what Django answers, or the file that it names instead, with an idle limit."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send = send
        self._is_head = scope["method"] == "HEAD"
        self._abort = abort_of(scope)
        self._path: str | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._path is None:
            await self._within_limit(message)
        elif not message.get("more_body"):
            await self._send_file(self._path)

    async def _start(self, message: Message) -> None:
        headers = [(name, value) for name, value in message["headers"] if name.lower() != _FILE_HEADER]
        named = [value for name, value in message["headers"] if name.lower() == _FILE_HEADER]
        if named:
            with contextlib.suppress(signing.BadSignature, OSError):
                self._path = stored_path(named[0].decode("latin-1"))
                size = await asyncio.to_thread(_size, self._path)
                headers = [(name, value) for name, value in headers if name.lower() != b"content-length"]
                headers.append((b"content-length", str(size).encode()))
        await self._within_limit({**message, "headers": headers})

    async def _send_file(self, path: str) -> None:
        if not self._is_head:
            with await asyncio.to_thread(open, path, "rb") as file:
                while chunk := await asyncio.to_thread(file.read, _CHUNK):
                    await self._within_limit({"type": "http.response.body", "body": chunk, "more_body": True})
        await self._within_limit({"type": "http.response.body", "body": b""})

    async def _within_limit(self, message: Message) -> None:
        try:
            async with asyncio.timeout(SEND_IDLE):
                await self._send(message)
        except TimeoutError:
            self._abort()
            raise StalledError from None


def _size(path: str) -> int:
    return Path(path).stat().st_size


def _marked(pages: Wsgi) -> Wsgi:
    """Tell Django that the shell is here. A header cannot: its key would start with HTTP_."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ[SHELL] = True
        return pages(environ, start_response)

    return application


async def _refuse(send: Send, status: int, reason: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(reason)).encode()),
        (b"connection", b"close"),
        *POLICIES,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason})

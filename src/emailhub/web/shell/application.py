"""Hand each request to the stream or to Django, and keep slow clients away from Django's threads."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import structlog
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core import signing
from django.db import InterfaceError, OperationalError

from emailhub.web.downloads import FILE_HEADER, SHELL, stored_path
from emailhub.web.metrics import LIVE_PAGES, count_answer

from .access import access_of, cookies_of
from .connection import abort_of, unsent_of
from .headers import POLICIES
from .live import Hub, stream
from .probes import Probes
from .spool import StrangerError, TooLargeError, TooSlowError, spool

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

log = structlog.get_logger()
THREADS = 16
SEND_IDLE = 60.0  # seconds that a client may take none of what it is sent
_LOOKS = 6  # times in SEND_IDLE to see whether the client took something
_CHUNK = 256 * 1024
_HANDED_IN = "/webhooks/mail/"
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
        self.probes = Probes()
        LIVE_PAGES.set_function(lambda: len(self.hub.pages))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/events":
            await stream(self.hub, scope, receive, send)
        elif scope["type"] == "http" and self.probes.knows(scope["path"]):
            await self.probes.answer(scope, send)
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
            async with spool(
                scope, receive, at_most=_most(scope), is_known=partial(_may_send_much, scope)
            ) as body:
                await self.pages(scope, body, _Outlet(send, scope))
        except StalledError:
            log.info("a client took nothing for too long", path=scope["path"])
        except TooLargeError:
            await _refuse(send, 413, b"The upload is too large.")
        except StrangerError:
            await _refuse(send, 403, b"Sign in first.")
        except TooSlowError:
            await _refuse(send, 408, b"The upload stood still for too long.")


def _most(scope: Scope) -> int:
    """Bytes that a request may have: a file's or a mail's, and its form. Only who signed in sends files."""
    path: str = scope["path"]
    largest = [settings.MAX_ATTACHMENTS_SIZE, settings.MAX_MESSAGE_SIZE]
    if not path.startswith(_HANDED_IN):
        largest.append(settings.MAX_LINKED_FILE_SIZE)
    return max(largest) + 1024 * 1024


async def _may_send_much(scope: Scope) -> bool:
    """Whoever is signed in; and mail that is handed in, whose signature shows when all of it is there."""
    path: str = scope["path"]
    return path.startswith(_HANDED_IN) or await _is_signed_in(scope)


class _Outlet:
    """Send what Django answers, or the file that it names instead, with an idle limit."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send = send
        self._method = scope["method"]
        self._began = time.perf_counter()
        self._abort, self._unsent = abort_of(scope), unsent_of(scope)
        self._path: str | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._path is None:
            await self._within_limit(message)
        elif not message.get("more_body"):
            await self._send_file(self._path)

    async def _start(self, message: Message) -> None:
        count_answer(self._method, message["status"], time.perf_counter() - self._began)
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
        if self._method != "HEAD":
            with await asyncio.to_thread(open, path, "rb") as file:
                while chunk := await asyncio.to_thread(file.read, _CHUNK):
                    await self._within_limit({"type": "http.response.body", "body": chunk, "more_body": True})
        await self._within_limit({"type": "http.response.body", "body": b""})

    async def _within_limit(self, message: Message) -> None:
        """Send, for as long as the client goes on taking it, however slowly."""
        sending = asyncio.ensure_future(self._send(message))
        idle, left = 0.0, self._unsent()
        try:
            while not (await asyncio.wait({sending}, timeout=SEND_IDLE / _LOOKS))[0]:
                before, left = left, self._unsent()
                idle = 0.0 if left < before else idle + SEND_IDLE / _LOOKS
                if idle >= SEND_IDLE:
                    self._abort()
                    raise StalledError
            sending.result()
        finally:
            sending.cancel()  # of no effect on one that is done


async def _is_signed_in(scope: Scope) -> bool:
    """Whether somebody may use up our disk. A database that is away says no: nothing could be kept."""
    try:
        return await asyncio.to_thread(access_of, cookies_of(scope)) is not None
    except (OperationalError, InterfaceError):
        return False


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

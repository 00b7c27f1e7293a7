"""Server-sent events: one LISTEN connection a process, one bounded queue a page, ids only."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from django.db import InterfaceError, OperationalError

from emailhub.accounts.database import direct_parameters
from emailhub.desk.live import CHANNEL

from .access import Access, access_of, cookies_of
from .headers import POLICIES

log = structlog.get_logger()
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PING = 15.0  # seconds between comments that keep proxies from closing a silent stream
_QUEUE = 200
_RECONNECT = 1.0
_RESYNC = '{"kind": "resync"}'
_CLOSE = ""


@dataclass(eq=False)
class Page:
    """An open page: what it may hear, and what it has not been sent yet."""

    access: Access
    queue: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(_QUEUE))

    def offer(self, payload: str) -> None:
        """Queue an event. A page that does not keep up loses all of them and is told to load afresh."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            payload = _RESYNC if payload != _CLOSE else _CLOSE
        self.queue.put_nowait(payload)


class Hub:
    """All open pages of this process, and the one connection that listens for them."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self._task: asyncio.Task[None] | None = None

    def join(self, access: Access) -> Page:
        page = Page(access)
        self.pages.add(page)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        return page

    def leave(self, page: Page) -> None:
        self.pages.discard(page)

    async def close(self) -> None:
        """End every stream and stop listening."""
        for page in self.pages:
            page.offer(_CLOSE)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **direct_parameters(), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._tell_all(_RESYNC)  # of whatever happened while nobody listened
                    async for notice in connection.notifies():
                        self._tell(notice.payload)
            except psycopg.OperationalError as error:
                log.warning("live updates wait for the database", error=str(error).strip())
            except Exception:
                log.exception("live updates begin anew")
            await asyncio.sleep(_RECONNECT)

    def _tell_all(self, payload: str) -> None:
        for page in list(self.pages):
            page.offer(payload)

    def _tell(self, payload: str) -> None:
        event = json.loads(payload)
        if event.get("kind") == "access":
            for page in [page for page in self.pages if _ends(event, page.access)]:
                page.offer(_CLOSE)
            return
        for page in list(self.pages):
            access = page.access
            if event["company"] == access.company_id and event["team"] in access.team_ids:
                page.offer(payload)


def _ends(event: dict[str, Any], access: Access) -> bool:
    """Whether an access event is about this stream's company, advisor, user or session."""
    return (
        event.get("company") == access.company_id
        or event.get("advisor") == access.advisor_id
        or event.get("user") == access.user_id
        or event.get("session") == access.session
    )


async def stream(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer /events for as long as the page is open and its access lasts."""
    try:
        access = await asyncio.to_thread(access_of, cookies_of(scope))
    except (OperationalError, InterfaceError):
        await _refuse(send, HTTPStatus.SERVICE_UNAVAILABLE)
        return
    if access is None:
        await _refuse(send, HTTPStatus.FORBIDDEN)
        return
    page = hub.join(access)
    gone = asyncio.create_task(_wait_gone(receive))
    try:
        await _start(send)
        await _pump(page, gone, send)
        await send({"type": "http.response.body", "body": b""})
    finally:
        hub.leave(page)
        gone.cancel()


async def _refuse(send: Send, status: HTTPStatus) -> None:
    headers = [(b"content-length", b"0"), *POLICIES]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _start(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        *POLICIES,
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})


async def _pump(page: Page, gone: asyncio.Task[None], send: Send) -> None:
    while True:
        next_event = asyncio.ensure_future(page.queue.get())
        done, _ = await asyncio.wait({next_event, gone}, timeout=PING, return_when=asyncio.FIRST_COMPLETED)
        if next_event not in done:
            next_event.cancel()
        if gone in done:
            return
        payload = next_event.result() if next_event in done else None
        if payload == _CLOSE:
            return
        body = b": ping\n\n" if payload is None else f"data: {payload}\n\n".encode()
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _wait_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

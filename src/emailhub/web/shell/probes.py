"""What monitoring asks: does the process live, can it serve, how is it doing.

Answered before Django, since whoever asks knows a machine by its address and not by the Host that pages need.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST

from emailhub.web.metrics import written_metrics
from emailhub.web.readiness import why_not_ready

from .headers import POLICIES
from .remembered import Remembered

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, bytes]  # status and body

_TEXT = "text/plain; charset=utf-8"
_NOWHERE = (404, b"There is no such page.\n")
_PROXIED = (b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"forwarded", b"via")


class Probes:
    """/healthz, /readyz and /metrics of one web process."""

    def __init__(self) -> None:
        # Who asks often does not make the database work often.
        self._ready = Remembered(why_not_ready, seconds=1.0)
        self._metrics = Remembered(written_metrics, seconds=5.0)
        self._by_path: Mapping[str, Callable[[Scope], Awaitable[Answer]]] = {
            "/healthz": self._healthz,
            "/readyz": self._readyz,
            "/metrics": self._write_metrics,
        }

    def knows(self, path: str) -> bool:
        return path in self._by_path

    async def answer(self, scope: Scope, send: Send) -> None:
        """Answer a GET or HEAD of a path that it knows."""
        if scope["method"] not in ("GET", "HEAD"):
            await _send(send, (405, b"Only GET and HEAD.\n"), _TEXT)
            return
        answer = await self._by_path[scope["path"]](scope)
        is_metrics = scope["path"] == "/metrics" and answer[0] == 200
        await _send(send, answer, CONTENT_TYPE_LATEST if is_metrics else _TEXT)

    async def _healthz(self, scope: Scope) -> Answer:
        """The event loop turns: this process need not be restarted. Nothing else is asked."""
        return 200, b"ok\n"

    async def _readyz(self, scope: Scope) -> Answer:
        reason = await self._ready.get()
        return (503, f"{reason}\n".encode()) if reason else (200, b"ready\n")

    async def _write_metrics(self, scope: Scope) -> Answer:
        if not may_see_metrics(scope, settings.METRICS_TOKEN):
            return _NOWHERE
        return 200, await self._metrics.get()


def may_see_metrics(scope: Scope, token: str) -> bool:
    """Whoever has the token; without one this machine alone, and no proxy on it that speaks for others."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if token:
        given = next((value for name, value in headers if name == b"authorization"), b"")
        return hmac.compare_digest(given, f"Bearer {token}".encode())
    if any(name in _PROXIED for name, _ in headers) or not scope.get("client"):
        return False
    return _is_loopback(scope["client"][0]) and _is_loopback(_host(headers))


def _host(headers: list[tuple[bytes, bytes]]) -> str:
    """The Host that was asked for, without its port. A page elsewhere can make a browser here ask too."""
    value = next((value for name, value in headers if name == b"host"), b"").decode("latin-1")
    host = value.partition("]")[0].removeprefix("[") if value.startswith("[") else value.partition(":")[0]
    return "127.0.0.1" if host == "localhost" else host


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


async def _send(send: Send, answer: Answer, content_type: str) -> None:
    status, body = answer
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *POLICIES,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

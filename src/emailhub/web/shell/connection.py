"""uvicorn's HTTP connection, with an end for those that begin and do not go on."""

from __future__ import annotations

import asyncio
import fcntl
import sys
import termios
from collections.abc import Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ABORT = "emailhub.abort"  # the scope's key of a function that ends the connection at once
UNSENT = "emailhub.unsent"  # the scope's key of a function that counts the bytes nobody has taken yet
HEAD_WITHIN = 30.0  # seconds for a request's line and headers
BESIDE_BODY_AT_MOST = 1024 * 1024  # bytes of a request's line, headers and trailers, and around its chunks


class Connection(HttpToolsProtocol):
    """Hangs up on who sends no whole head of a request, and lets the shell hang up on who reads nothing.

    Closing in order would wait for a client that takes none of what was written: for ever.
    """

    _head_is_due: asyncio.TimerHandle | None = None
    _beside_body = 0  # bytes of the present request, which uvicorn would keep without limit

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        self._beside_body += len(data)
        super().data_received(data)
        if self._beside_body > BESIDE_BODY_AT_MOST:
            self.transport.abort()

    def on_body(self, body: bytes) -> None:
        self._beside_body -= len(body)
        super().on_body(body)

    def on_message_begin(self) -> None:
        self._beside_body = 0
        super().on_message_begin()
        scope: MutableMapping[str, Any] = self.scope  # type: ignore[assignment]
        scope[ABORT] = self.transport.abort
        scope[UNSENT] = self._count_unsent
        self._await_head()

    def _count_unsent(self) -> int:
        """Bytes that the client's machine has not acknowledged.

        The kernel takes as much as its own buffer holds, and takes more only when a third of that is free:
        megabytes, on a fast network. What was written is no sign of life; what was acknowledged is.
        """
        kept: int = self.transport.get_write_buffer_size()
        connection = self.transport.get_extra_info("socket")
        try:
            in_kernel = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4))
        except (AttributeError, OSError):
            return kept  # closed meanwhile, or a system that does not tell
        return kept + int.from_bytes(in_kernel, sys.byteorder)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._stop_waiting()
        self._head_is_due = self.loop.call_later(HEAD_WITHIN, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._head_is_due is not None:
            self._head_is_due.cancel()
            self._head_is_due = None


def unsent_of(scope: MutableMapping[str, Any]) -> Callable[[], int]:
    """How many bytes of this request's answer are still to be taken; behind another server than ours, 0."""
    unsent: Callable[[], int] = scope.get(UNSENT, lambda: 0)
    return unsent


def abort_of(scope: MutableMapping[str, Any]) -> Callable[[], None]:
    """How to end this request's connection; nothing can be done behind another server than ours."""
    abort: Callable[[], None] = scope.get(ABORT, lambda: None)
    return abort

"""Take a request's body off a slow client before a thread of Django's is spent on it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
IsKnown = Callable[[], Awaitable[bool]]

STRANGERS = 64 * 1024  # bytes that anybody may send: forms of the door are smaller
RECEIVE_IDLE = 30.0  # seconds in which at least something must come
SLOWEST = 600.0  # seconds for the whole of it, or as many as its size takes at
SLOWEST_RATE = 100_000  # bytes a second
_IN_MEMORY = 512 * 1024
_CHUNK = 256 * 1024


class TooLargeError(Exception):
    """The body is larger than any form of ours can be."""


class StrangerError(Exception):
    """More than the door's forms hold, from somebody who is not signed in."""


class TooSlowError(Exception):
    """The client sent nothing for RECEIVE_IDLE seconds, took far too long in all, or went away."""


@asynccontextmanager
async def spool(
    scope: MutableMapping[str, Any], receive: Receive, *, at_most: int, is_known: IsKnown
) -> AsyncIterator[Receive]:
    """Yield a `receive` that has the whole body at hand.

    `is_known` is asked before more than STRANGERS bytes are taken. Raises TooLargeError, StrangerError,
    TooSlowError.
    """
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > at_most:
        raise TooLargeError
    if length.isdigit() and int(length) > STRANGERS and not await is_known():
        raise StrangerError
    if not length and b"transfer-encoding" not in headers:
        yield receive
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        try:
            async with asyncio.timeout(max(SLOWEST, int(length or 0) / SLOWEST_RATE)):
                await _fill(file, receive, at_most, None if length else is_known)
        except TimeoutError as error:
            raise TooSlowError from error
        yield _replay(file)


async def _fill(file: IO[bytes], receive: Receive, at_most: int, is_known: IsKnown | None) -> None:
    """Take the body. `is_known` is still to be asked where the size was not said before."""
    size, more = 0, True
    while more:
        try:
            async with asyncio.timeout(RECEIVE_IDLE):
                message = await receive()
        except TimeoutError as error:
            raise TooSlowError from error
        if message["type"] == "http.disconnect":
            raise TooSlowError
        body = message.get("body", b"")
        size += len(body)
        if size > at_most:
            raise TooLargeError
        if size > STRANGERS and is_known is not None:
            if not await is_known():
                raise StrangerError
            is_known = None
        file.write(body)
        more = message.get("more_body", False)
    file.seek(0)


def _replay(file: IO[bytes]) -> Receive:
    async def receive() -> Message:
        chunk = file.read(_CHUNK)
        return {"type": "http.request", "body": chunk, "more_body": len(chunk) == _CHUNK}

    return receive

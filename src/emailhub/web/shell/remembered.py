"""The result of slow work, kept for a moment and made by one at a time, however many ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Calls `work` in a thread, and answers with its result for as many seconds."""

    def __init__(self, work: Callable[[], T], *, seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._made: tuple[float, T] | None = None

    async def get(self) -> T:
        """The result, at most so old."""
        async with self._lock:
            if self._made is None or time.monotonic() - self._made[0] > self._seconds:
                result = await asyncio.to_thread(self._work)
                self._made = (time.monotonic(), result)
            return self._made[1]

"""What goes wrong, when a test says so: the next requests that fit are answered like this."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """`times` requests whose method and path fit get `status`; None: the connection is cut.

    `after`: what was asked for is done first, so that only its answer is lost.
    """

    method: str
    pattern: str
    status: int | None
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    after: bool = False

    def fits(self, method: str, path: str) -> bool:
        return self.times > 0 and method == self.method and re.search(self.pattern, path) is not None


def error(code: str, message: str = "") -> dict[str, Any]:
    """The body of an error as Graph writes it."""
    inner = {"date": "2026-11-24T10:00:00", "request-id": "2f038156-cf40-403d-8e46-831fe42a8229"}
    return {"error": {"code": code, "message": message or code, "innerError": inner}}


THROTTLED = error("ApplicationThrottled", "Application is over its MailboxConcurrency limit.")
THROTTLED_HEADERS = {
    "Retry-After": "1",
    "RateLimit-Exceeded": "MailboxConcurrency",
    "RateLimit-Scope": "Mailbox",
}

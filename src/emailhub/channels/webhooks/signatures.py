"""The signature of a mail that is handed in: who knows the secret has written this, and has done so now."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta

AHEAD_OR_LATE = timedelta(minutes=5)
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


class Signature:
    """HMAC-SHA-256 over timestamp, sender, recipients and the mail, computed while the mail is read."""

    def __init__(self, secret: str, timestamp: str, mail_from: str, recipients: str) -> None:
        self._sum = hmac.new(secret.encode(), digestmod=hashlib.sha256)
        for field in (timestamp, mail_from, recipients):
            self._sum.update(field.encode() + b"\n")

    def add(self, part: bytes) -> None:
        self._sum.update(part)

    @property
    def text(self) -> str:
        """As it stands in the header."""
        return f"sha256={self._sum.hexdigest()}"

    def matches(self, given: str) -> bool:
        return hmac.compare_digest(self.text.encode(), given.encode("utf-8", "replace"))


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether a timestamp (seconds since 1970) is of these minutes."""
    if not _TIMESTAMP.fullmatch(timestamp):
        return False
    return abs(int(timestamp) - now.timestamp()) <= AHEAD_OR_LATE.total_seconds()

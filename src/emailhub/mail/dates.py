"""The Date field (RFC 5322 3.3) as senders write it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 200


def read_date(value: str) -> datetime | None:
    """Return the instant in UTC, None for what is no date. Without a zone it is taken for UTC."""
    try:
        date = parsedate_to_datetime(value[:_LONGEST])
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None

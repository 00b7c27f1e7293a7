"""A stored mail read once more, to be looked at before anybody decides on it."""

from __future__ import annotations

from emailhub import mail, store

from .models import ReceivedMessage
from .reading import LARGE, UnreadableError, read_here, read_mail


class GoneError(Exception):
    """The mail's bytes were deleted when the days were over for which they are kept."""


def read_stored(row: ReceivedMessage) -> mail.Message:
    """The mail of a delivery. Raises GoneError, UnreadableError."""
    if row.purged_at is not None:
        raise GoneError
    try:
        raw = store.get(row.company_id, row.content_key)
    except store.MissingError as error:
        raise GoneError from error
    failed = row.state == ReceivedMessage.State.QUARANTINED
    read = read_mail(raw, failed_before=True) if failed or len(raw) >= LARGE else read_here(raw)
    return read.message


__all__ = ["GoneError", "UnreadableError", "read_stored"]

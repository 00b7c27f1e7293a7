"""How far a text message that we sent has come. Reports come in any order; none leads back."""

from __future__ import annotations

from enum import StrEnum


class TextState(StrEnum):
    """What a gateway says of a message; the empty one: nothing yet."""

    NONE = ""
    ACCEPTED = "accepted"
    SENT = "sent"  # handed to the carrier
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"


_ORDER = tuple(TextState)
FAILED = frozenset({TextState.FAILED})


def later(known: TextState, reported: TextState) -> TextState:
    """The state after a report. What has arrived is neither on its way again nor lost."""
    return max(known, reported, key=_ORDER.index)

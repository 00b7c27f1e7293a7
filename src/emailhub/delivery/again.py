"""What a person may do about a mail that did not arrive, or may not have."""

from __future__ import annotations

from datetime import datetime

from .models import OutgoingMessage, OutgoingRecipient
from .outbox import GIVE_UP_AFTER, wake

_NOT_KNOWN_TO_HAVE_IT = (OutgoingRecipient.State.FAILED, OutgoingRecipient.State.UNCERTAIN)
_AT_REST = (OutgoingMessage.State.FAILED, OutgoingMessage.State.UNCERTAIN)


def send_again(message: OutgoingMessage, *, now: datetime) -> bool:
    """Send the same bytes once more to those who are not known to have them. False: it is on its way.

    Whoever asks for it where the state is uncertain accepts that somebody may get the mail twice.
    A mail that waits for its next try is only hurried up. Call it inside a transaction of its company.
    """
    # Who holds the row is a worker; waiting for it with a ticket locked could stop both.
    locked = OutgoingMessage.objects.select_for_update(skip_locked=True).filter(pk=message.pk).first()
    if locked is None:
        return False
    if locked.state == OutgoingMessage.State.QUEUED:
        locked.due_at = min(locked.due_at, now)
    elif _may_go(locked):
        _begin_anew(locked, now)
    else:
        return False
    locked.save(update_fields=["state", "due_at", "give_up_at", "attempts"])
    wake()
    return True


def _begin_anew(locked: OutgoingMessage, now: datetime) -> None:
    locked.recipients.filter(state__in=_NOT_KNOWN_TO_HAVE_IT).update(
        state=OutgoingRecipient.State.QUEUED, status="", diagnostic="", changed_at=now
    )
    locked.state, locked.due_at = OutgoingMessage.State.QUEUED, now
    locked.give_up_at = now + GIVE_UP_AFTER
    locked.attempts = 1  # not 0: it cannot be taken back: it may have left before


def _may_go(message: OutgoingMessage) -> bool:
    """At rest; or sent to some, and refused by others."""
    if message.state == OutgoingMessage.State.SENT:
        return message.recipients.filter(state=OutgoingRecipient.State.FAILED).exists()
    return message.state in _AT_REST

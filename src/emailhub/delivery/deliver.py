"""Send what is due. The worker's loop calls deliver_due() until it returns 0, then waits to be woken."""

from __future__ import annotations

import logging
import time
from contextlib import suppress

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from . import attempt
from .attempt import Attempt, ClaimLostError, Settle
from .outcomes import Outcome, Sender, Senders

_LOCK = 20  # the class of due_outgoing()'s advisory locks
_PAUSES = (0.2, 1.0, 3.0, 5.0)  # seconds between tries to store an outcome while the database is away
log = logging.getLogger(__name__)


def deliver_due(senders: Senders, settle: Settle, *, at_most: int = 8) -> int:
    """Send up to `at_most` due mails, one after another, and return how many were worked on.

    Call it outside any transaction. Several workers may do so at once. Raises what the database raises.
    """
    for done in range(at_most):
        row = _take_due()
        if row is None:
            _close(senders)
            return done
        try:
            _deliver(*row, senders, settle)
        except (InterfaceError, OperationalError):
            raise
        except Exception:
            log.exception("outgoing message %s could not be worked on", row[0])
            attempt.put_off(*row, timezone.now())
        finally:
            _release(row[0])
    return at_most


def _take_due() -> tuple[int, int] | None:
    """The (id, company_id) of a due row, with a session's advisory lock on it, or None.

    One at a time: a mail that waits for a slow server must not keep others from an idle worker.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, company_id FROM due_outgoing(1)")
        row: tuple[int, int] | None = cursor.fetchone()
        return row


def _release(message_id: int) -> None:
    """Free the row's lock. Where its session is gone, so is the lock."""
    with suppress(InterfaceError, OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, message_id % 2147483647])


def _close(senders: Senders) -> None:
    for sender in senders.values():
        if sender is not None:
            sender.close()


def _deliver(message_id: int, company_id: int, senders: Senders, settle: Settle) -> None:
    claimed = attempt.begin(message_id, company_id, senders, settle, timezone.now())
    if claimed is None:
        return
    sender = senders[claimed.channel]
    assert sender is not None  # begin() claims nothing that cannot be sent
    try:
        _record(claimed, _send(claimed, sender), settle)
    except ClaimLostError as error:
        log.warning("an attempt was overtaken: %s", error)


def _send(claimed: Attempt, sender: Sender) -> Outcome:
    """Send outside any transaction. An error of ours leaves the row due, later."""
    try:
        return sender.send(claimed.mail(), claimed.before_final_dot)
    except ClaimLostError:
        raise
    except Exception as error:
        log.exception("outgoing message %s could not be sent", claimed.message_id)
        return claimed.unexpected(error)


def _record(claimed: Attempt, outcome: Outcome, settle: Settle) -> None:
    """Store the outcome, also if the database is away for a moment: it is known only here."""
    for pause in _PAUSES:
        try:
            claimed.record(outcome, settle, timezone.now())
            return
        except (InterfaceError, OperationalError):
            log.exception("the outcome of outgoing message %s is not stored yet", claimed.message_id)
            connection.close()
            time.sleep(pause)
    claimed.record(outcome, settle, timezone.now())

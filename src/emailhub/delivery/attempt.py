"""One row of the outbox through one attempt: claimed, before the final dot, settled.

Each step is a short transaction of its own and is fenced by the claim's number: a worker that was
taken for dead, and whose row another one has claimed since, changes nothing any more.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.mail.storable import one_line

from .models import OutgoingMessage, OutgoingRecipient
from .outcomes import Fate, FinishedMail, Outcome, Result, Senders

NO_SENDER = "no relay configured"
LOST_REPLY = "the connection was lost before the server's answer: it may have been delivered"
_ASK_AGAIN = timedelta(minutes=1)  # whether the relay is back, or has been configured meanwhile
_BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
_WORDS = 1_000  # characters of an error or a diagnostic that are kept
_TOO_OLD = "4.4.7"  # RFC 3463: message expired

log = logging.getLogger(__name__)
State = OutgoingMessage.State
Phase = OutgoingMessage.Phase
RecipientState = OutgoingRecipient.State
_STATE_OF = {
    Fate.ACCEPTED: RecipientState.SENT,
    Fate.REFUSED: RecipientState.FAILED,
    Fate.DEFERRED: RecipientState.QUEUED,
    Fate.UNCERTAIN: RecipientState.UNCERTAIN,
}


class ClaimLostError(Exception):
    """Another worker has claimed the row since, or the mail was settled: this attempt must not go on."""


class Settle(Protocol):
    """Told of each change in a message's delivery, in the transaction that stored it."""

    def __call__(self, outgoing: OutgoingMessage, *, now: datetime) -> None: ...


class Attempt:
    """A claimed row. `in_flight` are the recipients for whom the final dot may have been sent."""

    def __init__(self, message: OutgoingMessage) -> None:
        self.message_id = message.pk
        self.company_id = message.company_id
        self.channel = message.channel
        self.connection_id = message.connection_id
        self._claim = message.claim
        self._mail_from = message.mail_from
        self._content_key = message.content_key
        self.recipients = tuple(
            message.recipients.filter(state=RecipientState.QUEUED)
            .order_by("id")
            .values_list("address", flat=True)
        )
        self.in_flight: tuple[str, ...] = ()

    def mail(self) -> FinishedMail:
        """What to send. Raises store.MissingError."""
        content = store.get(self.company_id, self._content_key)
        return FinishedMail(
            self._mail_from,
            self.recipients,
            content,
            company_id=self.company_id,
            connection_id=self.connection_id,
            outgoing_id=self.message_id,
        )

    def before_final_dot(self, in_flight: tuple[str, ...]) -> None:
        """Commit that these recipients may have the mail from now on. Raises ClaimLostError."""
        with company(self.company_id):
            kept = OutgoingMessage.objects.filter(
                pk=self.message_id, claim=self._claim, state=State.SENDING, phase=Phase.CLAIMED
            ).update(phase=Phase.DATA_SENT)
            if not kept:
                raise ClaimLostError(f"outgoing message {self.message_id}, claim {self._claim}")
            OutgoingRecipient.objects.filter(message_id=self.message_id, address__in=in_flight).update(
                state=RecipientState.UNCERTAIN, status="", diagnostic=LOST_REPLY
            )
        self.in_flight = in_flight

    def record(self, outcome: Outcome, settle: Settle, now: datetime) -> None:
        """Store what became of it. Raises ClaimLostError if another attempt has begun since."""
        with company(self.company_id):
            # Also if the row was found without an owner meanwhile: knowing beats being uncertain.
            message = (
                OutgoingMessage.objects.select_for_update()
                .filter(pk=self.message_id, claim=self._claim)
                .first()
            )
            if message is None:
                raise ClaimLostError(f"outgoing message {self.message_id}, claim {self._claim}")
            for result in outcome.results:
                _store_result(message, result, now)
            message.last_error = one_line(outcome.error, _WORDS)
            _conclude(message, settle, now, soon=outcome.channel_is_away)

    def unexpected(self, error: Exception) -> Outcome:
        """The outcome of an attempt that ended in an error of ours."""
        words = f"{type(error).__name__}: {error}"
        return Outcome(
            tuple(
                Result(a, Fate.UNCERTAIN if a in self.in_flight else Fate.DEFERRED, diagnostic=words)
                for a in self.recipients
            ),
            words,
        )


def begin(
    message_id: int, company_id: int, senders: Senders, settle: Settle, now: datetime
) -> Attempt | None:
    """Claim a due row, commit that, and return its attempt; or None if there is nothing to send.

    A row whose worker died before the final dot is sent again. One whose worker died after it is
    uncertain, and never resent by itself.
    """
    with company(company_id):
        message = OutgoingMessage.objects.select_for_update().filter(pk=message_id).first()
        if message is None or message.state not in (State.QUEUED, State.SENDING):
            return None  # taken back, or settled by another worker, since it was found
        if message.phase == Phase.DATA_SENT:
            message.last_error = LOST_REPLY
            _conclude(message, settle, now)
            return None
        if senders.get(message.channel) is None:
            _wait_for_a_sender(message, settle, now)
            return None
        message.state, message.phase = State.SENDING, Phase.CLAIMED
        message.claim += 1
        message.attempts += 1
        message.save(update_fields=["state", "phase", "claim", "attempts"])
        return Attempt(message)


def put_off(message_id: int, company_id: int, now: datetime) -> None:
    """Let a row that cannot be worked on wait, as it is, so that it keeps no other from being sent."""
    with company(company_id):
        OutgoingMessage.objects.filter(pk=message_id, state__in=(State.QUEUED, State.SENDING)).update(
            due_at=now + _ASK_AGAIN
        )


def _wait_for_a_sender(message: OutgoingMessage, settle: Settle, now: datetime) -> None:
    """Leave a mail in the outbox while its channel is not configured.

    It says so, is asked for again every minute, does not age, and can still be taken back.
    """
    is_news = message.last_error != NO_SENDER
    message.state, message.phase = State.QUEUED, Phase.NONE
    message.give_up_at += max(now + _ASK_AGAIN - message.due_at, timedelta(0))
    message.due_at, message.last_error = now + _ASK_AGAIN, NO_SENDER
    message.save(update_fields=["state", "phase", "give_up_at", "due_at", "last_error"])
    if is_news:
        _tell(message, settle, now)


def _store_result(message: OutgoingMessage, result: Result, now: datetime) -> None:
    message.recipients.filter(
        address=result.address, state__in=(RecipientState.QUEUED, RecipientState.UNCERTAIN)
    ).update(
        state=_STATE_OF[result.fate],
        status=result.status[:20],
        diagnostic=one_line(result.diagnostic, _WORDS),
        changed_at=now,
    )


def _conclude(message: OutgoingMessage, settle: Settle, now: datetime, *, soon: bool = False) -> None:
    """Derive the message's state from its recipients' and tell. `soon`: do not wait longer each time."""
    message.phase = Phase.NONE
    waiting = message.recipients.filter(state=RecipientState.QUEUED)
    if now >= message.give_up_at:
        waiting.update(state=RecipientState.FAILED, status=_TOO_OLD, changed_at=now)
    if waiting.exists():
        message.state = State.QUEUED
        wait = _ASK_AGAIN if soon else _back_off(message.attempts)
        message.due_at = min(now + wait, message.give_up_at)
    else:
        message.state = final_state(message)
    message.save(update_fields=["state", "phase", "due_at", "last_error"])
    _tell(message, settle, now)


def final_state(message: OutgoingMessage) -> State:
    """The state of a message none of whose recipients waits any more."""
    recipients = set(message.recipients.values_list("state", flat=True))
    if RecipientState.UNCERTAIN in recipients:
        return State.UNCERTAIN
    return State.FAILED if recipients <= {RecipientState.FAILED} else State.SENT


def _back_off(attempts: int) -> timedelta:
    return _BACK_OFF[min(max(attempts, 1), len(_BACK_OFF)) - 1]


def _tell(message: OutgoingMessage, settle: Settle, now: datetime) -> None:
    """Run `settle` in a savepoint: what it cannot do must not undo what we know of the mail."""
    try:
        with transaction.atomic():
            settle(message, now=now)
    except Exception:
        log.exception("what became of outgoing message %s is stored, but could not be shown", message.pk)

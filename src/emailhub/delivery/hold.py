"""The outbox of restored data. What waited when the back-up was taken may have been sent since.

So a restore leaves a row behind, in the transaction that brings the data, and nothing is due while it is
there (due_outgoing). What waited becomes uncertain: never sent by itself, but again if a person says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest

from emailhub.accounts.tenancy import company

from .attempt import Settle
from .models import OutboxHold, OutgoingMessage, OutgoingRecipient, Restoration
from .outbox import GIVE_UP_AFTER, wake

RESTORED = "restored from a back-up: it may have been sent after that was taken"
_LEFT = f"{RESTORED}, and it was left at that"  # so that the release of a later restore does not mean it
State = OutgoingMessage.State
RecipientState = OutgoingRecipient.State

# Run by the program that restores, with the instant of the back-up, inside its transaction.
_HOLD = f"""
UPDATE public.delivery_outgoingrecipient r SET state = 'uncertain', status = '', diagnostic = '{RESTORED}'
  FROM public.delivery_outgoingmessage m
  WHERE m.id = r.message_id AND m.state IN ('queued', 'sending') AND r.state = 'queued';
UPDATE public.delivery_outgoingmessage SET state = 'uncertain', phase = '', last_error = '{RESTORED}'
  WHERE state IN ('queued', 'sending');
INSERT INTO public.delivery_outboxhold (id, taken_at, restored_at) VALUES (1, '%s', clock_timestamp())
  ON CONFLICT (id) DO UPDATE SET taken_at = excluded.taken_at, restored_at = excluded.restored_at;
"""  # noqa: S608  (our own constant)


@dataclass
class Released:
    """What became of the mails of a restored outbox: left uncertain, put back to be sent, written since."""

    uncertain: int = 0
    sent_again: int = 0
    written_since: int = 0


def current_hold() -> OutboxHold | None:
    """Since when nothing is sent, and why; None: the outbox is open."""
    return OutboxHold.objects.first()


def was_in_a_back_up(received_at: datetime) -> bool:
    """Whether the installation that is gone may have handled a mail which came in at this instant, too."""
    hold, past = OutboxHold.objects, Restoration.objects
    return any(rows.filter(taken_at__gte=received_at).exists() for rows in (hold, past))


def hold_restored(taken_at: datetime) -> str:
    """The statements that hold a restored outbox. They must be committed together with the data."""
    return _HOLD % taken_at.isoformat()


def release(company_ids: Iterable[int], settle: Settle, *, send_waiting: bool, now: datetime) -> Released:
    """Let mail leave again. Call it outside any transaction; after a kill call it again.

    `send_waiting`: what waited at the back-up was not sent since, so it is sent now. Otherwise it stays
    uncertain, which `settle` tells to the people of its ticket.
    """
    done = Released()
    for company_id in company_ids:
        with company(company_id):
            _release_company(done, settle, send_waiting=send_waiting, now=now)
    _let_go()
    return done


def _let_go() -> None:
    with transaction.atomic():
        for hold in OutboxHold.objects.all():
            Restoration.objects.create(taken_at=hold.taken_at, restored_at=hold.restored_at)
            hold.delete()
        wake()


def _release_company(done: Released, settle: Settle, *, send_waiting: bool, now: datetime) -> None:
    waited = OutgoingMessage.objects.filter(state=State.UNCERTAIN, last_error=RESTORED)
    queued = OutgoingMessage.objects.filter(state=State.QUEUED)
    done.written_since += queued.count()
    if send_waiting:
        done.sent_again += _put_back(waited, now)
    for message in waited:
        settle(message, now=now)
    done.uncertain += waited.update(last_error=_LEFT)
    # The time in which it was not allowed to leave is not held against a mail.
    queued.update(give_up_at=Greatest("give_up_at", Value(now + GIVE_UP_AFTER)))


def _put_back(waited: QuerySet[OutgoingMessage], now: datetime) -> int:
    """Send to those who had to wait. Who may have it since before the back-up stays uncertain."""
    recipients = OutgoingRecipient.objects.filter(
        message__in=waited, state=RecipientState.UNCERTAIN, diagnostic=RESTORED
    )
    messages = set(recipients.values_list("message_id", flat=True))
    recipients.update(state=RecipientState.QUEUED, diagnostic="")
    return OutgoingMessage.objects.filter(pk__in=messages).update(
        state=State.QUEUED, last_error="", due_at=now
    )

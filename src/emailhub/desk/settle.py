"""What became of a sent mail: show it where it was sent, and tell those who must act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar

from django.utils import translation
from django.utils.translation import gettext as _

from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.mail import ReportedRecipient
from emailhub.texting import TextState

from .closed_numbers import OPTED_OUT, close_number
from .live import announce
from .models import Activity, ChatMessage, Message, Ticket
from .news import News

_BAD = (OutgoingRecipient.State.FAILED, OutgoingRecipient.State.BOUNCED, OutgoingRecipient.State.UNCERTAIN)


@dataclass(frozen=True)
class _Failure:
    address: str
    state: str
    status: str
    diagnostic: str


def settle(outgoing: OutgoingMessage, *, now: datetime, unknown: Iterable[ReportedRecipient] = ()) -> None:
    """Wake the pages of a message whose delivery changed; a failure is an entry of its own, once.

    `unknown` are addresses to which somebody's mail was forwarded, in vain. Call it in the transaction
    that stored the outcome. Mail that belongs to no ticket is left alone.
    """
    message = _on_ticket(Message, outgoing) or _on_ticket(ChatMessage, outgoing)
    if message is None:
        return
    if outgoing.state != OutgoingMessage.State.QUEUED:  # gone for good: what undoing needs is not kept
        Activity.objects.filter(pk=message.activity_id).exclude(detail={}).update(detail={})
    ticket = message.ticket
    announce(ticket.company_id, ticket.team_id, ticket.id, "activity", message.activity_id)
    failures = [*_of_recipients(outgoing), *map(_of_forwarded, unknown)]
    if failures:  # a mail that can still be taken back has none: take_back() locks in the other order
        ticket = (
            Ticket.objects.select_for_update(of=("self",)).select_related("company", "team").get(pk=ticket.pk)
        )
    for failure in failures:
        _report(ticket, message, failure, now)
        if isinstance(message, ChatMessage):
            _note_refusal(message, failure, now)


def _note_refusal(chat: ChatMessage, failure: _Failure, now: datetime) -> None:
    """A gateway's code is kept where the message is shown; one of them says that its owner wants no more."""
    if failure.state != OutgoingRecipient.State.UNCERTAIN:
        ChatMessage.objects.filter(pk=chat.pk).update(
            state=TextState.FAILED, error_code=failure.status, changed_at=now
        )
    if failure.status == OPTED_OUT:
        close_number(chat.company_id, chat.number, chat.kind, now=now)


_Sent = TypeVar("_Sent", Message, ChatMessage)


def _on_ticket(model: type[_Sent], outgoing: OutgoingMessage) -> _Sent | None:
    sent = model._default_manager.select_related("ticket", "activity").filter(outgoing=outgoing)
    return sent.first()


def _of_recipients(outgoing: OutgoingMessage) -> list[_Failure]:
    bad = outgoing.recipients.filter(state__in=_BAD)
    return [_Failure(row.address, row.state, row.status, row.diagnostic[:500]) for row in bad]


def _of_forwarded(reported: ReportedRecipient) -> _Failure:
    address, why = reported.final_recipient[:254], reported.diagnostic_code[:500]
    return _Failure(address, OutgoingRecipient.State.BOUNCED.value, reported.status[:20], why)


def _report(ticket: Ticket, message: Message | ChatMessage, failure: _Failure, now: datetime) -> None:
    known = ticket.activities.filter(
        kind=Activity.Kind.NOT_DELIVERED,
        detail__address=failure.address,
        detail__state=failure.state,
        detail__activity=message.activity_id,
    )
    if known.exists():
        return
    detail = {**asdict(failure), "activity": message.activity_id}
    activity = ticket.record(Activity.Kind.NOT_DELIVERED, by=None, at=now, detail=detail)
    involved = (ticket.assignee_id, message.activity.advisor_id)
    ticket.notifications.tell(activity, dict.fromkeys(involved, News.NOT_DELIVERED))
    # The list shows it and everybody has it unread: our answer did not arrive. A closed ticket stays so.
    with translation.override(ticket.company.language):
        line = _("Not delivered to %(address)s") % {"address": failure.address}
    ticket.show_last(activity, author="", line=line)
    if ticket.status in (Ticket.Status.WAITING, Ticket.Status.SNOOZED):
        ticket.await_reply(now=now)

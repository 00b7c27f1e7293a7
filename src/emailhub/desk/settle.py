"""What became of a sent mail: show it where it was sent, and tell those who must act."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient

from .live import announce
from .models import Activity, Message, Ticket

_BAD = (OutgoingRecipient.State.FAILED, OutgoingRecipient.State.BOUNCED, OutgoingRecipient.State.UNCERTAIN)


def settle(outgoing: OutgoingMessage, *, now: datetime) -> None:
    """Wake the pages of a message whose delivery changed; a failure is an entry of its own, once.

    Call it in the transaction that stored the outcome. Mail that belongs to no ticket is left alone.
    """
    message = Message.objects.select_related("ticket").filter(outgoing=outgoing).first()
    if message is None:
        return
    ticket = message.ticket
    announce(ticket.company_id, ticket.team_id, ticket.id, "activity", message.activity_id)
    bad = list(outgoing.recipients.filter(state__in=_BAD))
    if bad:  # a mail that can still be taken back has none: take_back() locks in the other order
        ticket = Ticket.objects.select_for_update(of=("self",)).select_related("company").get(pk=ticket.pk)
    for recipient in bad:
        _report(ticket, message, recipient, now)


def _report(ticket: Ticket, message: Message, recipient: OutgoingRecipient, now: datetime) -> None:
    detail = {
        "address": recipient.address,
        "state": recipient.state,
        "status": recipient.status,
        "diagnostic": recipient.diagnostic[:500],
        "activity": message.activity_id,
    }
    known = ticket.activities.filter(
        kind=Activity.Kind.NOT_DELIVERED,
        detail__address=recipient.address,
        detail__state=recipient.state,
        detail__activity=message.activity_id,
    )
    if known.exists():
        return
    activity = ticket.record(Activity.Kind.NOT_DELIVERED, by=None, at=now, detail=detail)
    # The list shows it and everybody has it unread: our answer did not arrive. A closed ticket stays so.
    with translation.override(ticket.company.language):
        line = _("Not delivered to %(address)s") % {"address": recipient.address}
    ticket.show_last(activity, author="", line=line)
    if ticket.status == Ticket.Status.WAITING:
        ticket.await_reply(now=now)

"""An answer that a colleague sent from a mail program of their own, from the team's mailbox."""

from __future__ import annotations

from datetime import datetime

from emailhub import mail
from emailhub.delivery.models import OutgoingMessage

from .models import Activity, Message, Ticket
from .receive import Received, store_message
from .storing import attach, join, remember_ids


def record_sent_outside(
    ticket: Ticket, sent: Received, outgoing: OutgoingMessage, *, now: datetime
) -> Message:
    """Show it as sent on the ticket: the customer has an answer, and does not wait for another one.

    A closed ticket stays closed, and whoever it belongs to keeps it.
    """
    activity = ticket.record(Activity.Kind.SENT, by=None, at=now, text=sent.new_text)
    message = store_message(ticket, activity, sent, outgoing=outgoing)
    remember_ids(message)
    attach(activity, sent.files)
    outsiders = {
        part: [box for box in people if box.address not in sent.own_addresses]
        for part, people in (("to", sent.mail.to), ("cc", sent.mail.cc))
    }
    join(ticket, outsiders)
    ticket.show_last(activity, author=sent.sender.name, line=mail.preview(sent.new_text) or sent.mail.subject)
    Ticket.objects.filter(pk=ticket.pk).update(needs_reply_since=None)
    ticket.needs_reply_since = None
    return message

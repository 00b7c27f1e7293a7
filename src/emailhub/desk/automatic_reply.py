"""Send an automatic reply: its quiet entry in the ticket's timeline and the outgoing mail, in one commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from emailhub import mail
from emailhub.mail import Mailbox

from . import recipients
from .models import Activity, Message, Ticket
from .storing import enqueue, store_sent, thread_of

AUTOMATIC = "auto-replied"  # RFC 3834 5: what such a message says of itself


@dataclass(frozen=True)
class AutomaticReply:
    """What is sent, by whom and to whom. `answers` is the mail that it answers."""

    sender: Mailbox
    to: Mailbox
    subject: str
    html: str
    answers: Message
    reply_to: tuple[Mailbox, ...] = ()  # none: answers go to the sender


def send_automatic_reply(ticket: Ticket, reply: AutomaticReply, *, now: datetime) -> Activity:
    """Put it into the outbox with the null reverse-path, so that nothing comes back (RFC 3834 3.3)."""
    draft = _draft(reply, now)
    outgoing = enqueue(ticket, draft, due_at=now, now=now, answerable=False)
    detail: dict[str, object] = {"address": reply.to.address, "subject": reply.subject}
    activity = ticket.record(Activity.Kind.AUTOMATIC_REPLY, by=None, at=now, detail=detail)
    text = mail.plain_text(reply.html)
    store_sent(activity, draft, outgoing, text=text, to=[reply.to], automatic=AUTOMATIC)
    return activity


def _draft(reply: AutomaticReply, now: datetime) -> mail.Draft:
    """The sender's own words are not in it; their name is not either, since anybody may have written it."""
    return mail.Draft(
        message_id=mail.new_message_id(recipients.domain_of_sender(reply.sender)),
        sender=reply.sender,
        to=(Mailbox("", reply.to.address),),
        reply_to=reply.reply_to,
        subject=reply.subject,
        date=now,
        in_reply_to=reply.answers.message_id,
        references=thread_of(reply.answers),
        html=reply.html,
        headers=(
            ("Auto-Submitted", AUTOMATIC),
            ("X-Auto-Response-Suppress", "All"),
            ("X-Loop", reply.sender.address),
        ),
    )


def has_been_written_to(address: str) -> bool:
    """Whether an advisor of the company has ever sent a mail to this address."""
    tickets = Ticket.objects.filter(participants__address=address)
    sent = Message.objects.filter(ticket__in=tickets, activity__kind=Activity.Kind.SENT)
    people = sent.values_list("to", "cc", "bcc")
    return any(person[1] == address for parts in people for part in parts for person in part)

"""Send an automatic reply: its quiet entry in the ticket's timeline and the outgoing mail, in one commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from emailhub import mail
from emailhub.delivery import outbox
from emailhub.mail import Mailbox

from . import recipients
from .models import Activity, Message, Ticket
from .reply import pairs, remember_ids, thread_of

AUTOMATIC = "auto-replied"  # RFC 3834 5: what such a message says of itself


@dataclass(frozen=True)
class AutomaticReply:
    """What is sent, by whom and to whom. `answers` is the mail that it answers."""

    sender: Mailbox
    to: Mailbox
    subject: str
    html: str
    answers: Message


def send_automatic_reply(ticket: Ticket, reply: AutomaticReply, *, now: datetime) -> Activity:
    """Put it into the outbox with the null reverse-path, so that nothing comes back (RFC 3834 3.3)."""
    draft = _draft(reply, now)
    outgoing = outbox.enqueue(
        company_id=ticket.company_id,
        channel="demo" if ticket.company.is_demo else "smtp",
        message_id=draft.message_id,
        content=mail.compose(draft),
        recipients=[reply.to.address],
        due_at=now,
        now=now,
        answerable=False,
    )
    activity = ticket.record(
        Activity.Kind.AUTOMATIC_REPLY,
        by=None,
        at=now,
        detail={"address": reply.to.address, "subject": reply.subject},
    )
    message = Message.objects.create(
        company_id=ticket.company_id,
        activity=activity,
        ticket=ticket,
        team=ticket.team,
        outgoing=outgoing,
        message_key=outgoing.content_key,
        message_id=draft.message_id,
        in_reply_to=[draft.in_reply_to] if draft.in_reply_to else [],
        references=list(draft.references),
        sender_name=reply.sender.name,
        sender_address=reply.sender.address,
        to=pairs([reply.to]),
        subject=reply.subject,
        date=now,
        text=mail.plain_text(reply.html),
        html=reply.html,
        automatic=AUTOMATIC,
        content_key=outgoing.content_key,
    )
    remember_ids(message)
    return activity


def _draft(reply: AutomaticReply, now: datetime) -> mail.Draft:
    """The sender's own words are not in it; their name is not either, since anybody may have written it."""
    return mail.Draft(
        message_id=mail.new_message_id(recipients.domain_of_sender(reply.sender)),
        sender=reply.sender,
        to=(Mailbox("", reply.to.address),),
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

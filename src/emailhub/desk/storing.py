"""What is stored of every message of a ticket: files, its row if we send it, its ids, and who takes part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from emailhub import mail
from emailhub.delivery import outbox
from emailhub.delivery.models import OutgoingMessage
from emailhub.hub.sending_domains import finished
from emailhub.hub.ways_out import way_out
from emailhub.mail import Mailbox

from .models import Activity, Attachment, KnownId, Message, Participant, Ticket


@dataclass(frozen=True)
class StoredFile:
    """An attachment whose bytes are in the store."""

    filename: str
    content_type: str
    size: int
    content_key: str
    content_id: str = ""
    is_inline: bool = False


def attach(activity: Activity, files: Iterable[StoredFile]) -> None:
    """The rows of an entry's files."""
    Attachment.objects.bulk_create(
        Attachment(
            company_id=activity.company_id,
            ticket_id=activity.ticket_id,
            activity=activity,
            filename=file.filename,
            content_type=file.content_type,
            size=file.size,
            content_key=file.content_key,
            content_id=file.content_id,
            is_inline=file.is_inline,
        )
        for file in files
    )


def enqueue(
    ticket: Ticket,
    draft: mail.Draft,
    *,
    bcc: Iterable[Mailbox] = (),
    due_at: datetime,
    now: datetime,
    answerable: bool = True,
) -> OutgoingMessage:
    """Put a mail of the ticket into the outbox for all its recipients; see outbox.enqueue()."""
    way = way_out(ticket.company, draft.sender.address)
    return outbox.enqueue(
        company_id=ticket.company_id,
        channel=way.channel,
        connection=way.connection,
        message_id=draft.message_id,
        content=finished(draft),
        recipients=[box.address for box in (*draft.to, *draft.cc, *bcc)],
        due_at=due_at,
        now=now,
        answerable=answerable,
    )


def store_sent(
    activity: Activity,
    draft: mail.Draft,
    outgoing: OutgoingMessage,
    *,
    text: str,
    to: Iterable[Mailbox] | None = None,
    bcc: Iterable[Mailbox] = (),
    automatic: str = "",
    is_private: bool = False,
) -> Message:
    """Store the mail that was put into the outbox on its activity, so that answers find it.

    `to` is for people whom the draft names by their address alone, and we know by name.
    """
    message = Message.objects.create(
        company_id=activity.company_id,
        activity=activity,
        ticket=activity.ticket,
        team=activity.ticket.team,
        outgoing=outgoing,
        message_key=outgoing.content_key,
        message_id=draft.message_id,
        in_reply_to=[draft.in_reply_to] if draft.in_reply_to else [],
        references=list(draft.references),
        sender_name=draft.sender.name,
        sender_address=draft.sender.address,
        to=pairs(draft.to if to is None else to),
        cc=pairs(draft.cc),
        bcc=pairs(bcc),
        subject=draft.subject,
        date=draft.date,
        text=text,
        html=draft.html,
        automatic=automatic,
        is_private=is_private,
        content_key=outgoing.content_key,
    )
    remember_ids(message)
    return message


def thread_of(parent: Message | None) -> tuple[str, ...]:
    """The thread that an answer belongs to, oldest first (RFC 5322 3.6.4)."""
    if parent is None:
        return ()
    earlier = parent.references or (parent.in_reply_to if len(parent.in_reply_to) == 1 else [])
    return tuple(id for id in (*earlier, parent.message_id) if id)


def remember_ids(message: Message) -> None:
    """Index the message's own id and those that it references: proof for the mails that follow."""
    own = [message.message_id] if message.message_id else []
    others = dict.fromkeys([*message.in_reply_to, *message.references])
    KnownId.objects.bulk_create(
        KnownId(company_id=message.company_id, message=message, value=value[:998], is_own=value in own)
        for value in dict.fromkeys([*own, *others])
    )


def remember_other_id(outgoing: OutgoingMessage, message_id: str) -> None:
    """A mail of ours leaves under another Message-ID than we gave it: answers will name that one."""
    message = Message.objects.filter(outgoing=outgoing).first()
    if message and not message.known_ids.filter(value=message_id[:998]).exists():
        KnownId.objects.create(
            company_id=message.company_id, message=message, value=message_id[:998], is_own=True
        )


def join(ticket: Ticket, people: Mapping[str, Iterable[Mailbox]], *, offered: bool = False) -> None:
    """Let people, by the part they have (from, to, cc, bcc), take part. Who already does stays as is."""
    Participant.objects.bulk_create(
        (
            Participant(
                company_id=ticket.company_id,
                ticket=ticket,
                address=person.address[:320],
                name=person.name[:320],
                part=part,
                is_offered=offered,
            )
            for part, persons in people.items()
            for person in persons
            if person.address
        ),
        ignore_conflicts=True,
    )


def pairs(people: Iterable[Mailbox]) -> list[list[str]]:
    """[[name, address], ...] as the rows store people."""
    return [[person.name, person.address] for person in people]

"""Answer by text message: the activity and its outgoing message in one commit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from emailhub import mail
from emailhub.accounts.models import Advisor
from emailhub.delivery import outbox
from emailhub.texting import measure

from . import drafts
from .channels import channel_name, check_chat
from .chat_lines import Line, line_of
from .contacts import confirm
from .errors import EmptyMessageError, TooLargeError, TooLongTextError, TooManyFilesError
from .models import Activity, Attachment, ChatKind, ChatMessage, SentForm, Ticket
from .news import News
from .permissions import require_work
from .sent_forms import made_by
from .turns import follow_up, lock_ticket, refuse_if_newer, take_if_free
from .uploads import attach, own_uploads

LONGEST = 1600  # characters that a gateway takes in one message
MOST_FILES = 10
LARGEST = {ChatKind.SMS: 5_000_000, ChatKind.WHATSAPP: 16_000_000}  # bytes of all files together


@dataclass(frozen=True)
class Text:
    """What the composer sends by chat."""

    kind: ChatKind
    text: str
    key: UUID  # of this form; sent twice, it sends one message
    attachment_ids: tuple[UUID, ...] = ()
    then: Ticket.Status = Ticket.Status.OPEN  # what becomes of the ticket
    seen: int = 0  # the newest activity that the writer saw; 0: not checked


def send_chat(ticket: Ticket, text: Text, *, by: Advisor, now: datetime) -> Activity:
    """Send a text message to the ticket's customer, by the number that they last wrote from.

    The same key again returns the activity that it made. Raises NotAllowedError, NewerActivityError,
    EmptyMessageError, TooLongTextError, TooLargeError, TooManyFilesError and what channels.check_chat()
    raises.
    """
    ticket = lock_ticket(ticket)
    require_work(by, ticket)
    if done := made_by(text.key):
        return done
    number, line = check_chat(ticket, text.kind, line_of(ticket.team, text.kind), now=now)
    words = text.text.replace("\r\n", "\n").replace("\0", "").strip()
    uploads = _checked(words, text, by)
    refuse_if_newer(ticket, text.seen)
    take_if_free(ticket, by=by, now=now)
    activity = ticket.record(Activity.Kind.CHAT_SENT, by=by, at=now, text=words)
    attach(activity, text.attachment_ids, by=by)
    _enqueue(activity, words, number, line, uploads, now=now)
    ticket.notifications.tell(activity, {ticket.assignee_id: News.REPLY})
    ticket.show_last(activity, author=str(by), line=_line(words, uploads))
    follow_up(ticket, text.then, by=by, now=now)
    confirm(ticket.contact, now=now)  # whom we write to is known from now on
    SentForm.objects.create(company_id=ticket.company_id, key=text.key, activity=activity)
    drafts.discard_draft(ticket, by, channel_name(text.kind))
    return activity


def _checked(words: str, text: Text, by: Advisor) -> list[Attachment]:
    uploads = own_uploads(by, text.attachment_ids)
    if len(uploads) > MOST_FILES:
        raise TooManyFilesError(MOST_FILES)
    size, limit = sum(upload.size for upload in uploads), LARGEST[text.kind]
    if size > limit:
        raise TooLargeError(size, limit)
    if not words and not uploads:
        raise EmptyMessageError
    if len(words) > LONGEST:
        raise TooLongTextError(LONGEST)
    return uploads


def _enqueue(
    activity: Activity, words: str, number: str, line: Line, uploads: Sequence[Attachment], *, now: datetime
) -> ChatMessage:
    """Put the message into the outbox, as finished as a mail: a worker only carries it."""
    ticket = activity.ticket
    chat = ChatMessage(
        company_id=ticket.company_id,
        activity=activity,
        ticket=ticket,
        connection=line.connection,
        contact=ticket.contact,
        kind=line.kind,
        number=number,
        own_number=line.number,
        segments=measure(words).segments if line.kind == ChatKind.SMS else 0,
    )
    content = {
        "kind": line.kind.value,
        "from": line.number,
        "to": number,
        "text": words,
        "files": [str(upload.public_id) for upload in uploads],
        "key": str(chat.key),
    }
    chat.outgoing = outbox.enqueue(
        company_id=ticket.company_id,
        channel=outbox.texting_channel_of(ticket.company),
        message_id=str(chat.key),
        content=json.dumps(content).encode(),
        recipients=[number],
        due_at=now,
        now=now,
        answerable=False,
        connection=line.connection,
    )
    chat.save()
    return chat


def _line(words: str, uploads: Sequence[Attachment]) -> str:
    return mail.preview(words) or ", ".join(upload.filename for upload in uploads)

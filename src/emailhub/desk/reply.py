"""Answer by e-mail: the activity and its outgoing message in one commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from emailhub import mail
from emailhub.accounts.models import Advisor
from emailhub.mail import Mailbox

from . import drafts, recipients
from .answer import Answer
from .body import Body, build_body
from .contacts import confirm
from .errors import EmptyMessageError, NoAddressError, SendTimeError
from .forwarding import Forwarded, forwarded
from .linked_files import good_until, mark_as_linked, too_large_to_attach, words_of_links
from .models import Activity, Attachment, Contact, Draft, Message, Participant, SentForm, Ticket
from .news import News
from .permissions import require_work
from .recipients import as_text
from .sent_forms import made_by
from .storing import enqueue, join, store_sent, thread_of
from .turns import follow_up, lock_ticket, refuse_if_newer, take_if_free
from .uploads import attach, own_uploads

LATEST = timedelta(days=366)


def reply(ticket: Ticket, answer: Answer, *, by: Advisor, now: datetime) -> Activity:
    """Send an e-mail from a ticket: store it, and let it leave after the seconds for undoing.

    The same key again returns the activity that it made. Raises NotAllowedError, HubOffError,
    NoAddressError, NewerActivityError, EmptyMessageError, TooLargeError, SendTimeError and what
    recipients.check() raises.
    """
    ticket = lock_ticket(ticket)
    require_work(by, ticket)
    if done := made_by(answer.key):
        return done
    sender = recipients.sender_of(ticket, by=by)
    answer = _normalise(answer)
    if answer.forwards is None and not recipients.customer_of(ticket):
        raise NoAddressError
    recipients.check(answer.to, answer.cc, answer.bcc, team_id=ticket.team_id)
    _check_time(answer, now)
    refuse_if_newer(ticket, answer.seen)
    passed_on = _passed_on(ticket, answer, by)
    uploads, linked = _checked_uploads(answer, by, passed_on)
    until = good_until(answer.at or now)
    links = words_of_links(linked, ticket, until=until)
    before = _state_of(ticket)
    take_if_free(ticket, by=by, now=now)
    parent = _parent(ticket, answer)
    aside = _is_aside(ticket, answer)
    body = build_body(ticket, answer, by=by, parent=parent, uploads=uploads, links=links, passed_on=passed_on)
    activity = _send(ticket, answer, sender, body, parent, by=by, now=now, aside=aside, passed_on=passed_on)
    mark_as_linked(linked, until=until)
    if not aside or answer.then != Ticket.Status.OPEN:  # the customer waits on while we ask somebody else
        follow_up(ticket, answer.then, by=by, now=now)
    if _writes_to(ticket.contact, answer):  # whom we write to is known from now on
        confirm(ticket.contact, now=now)
    activity.detail = {"before": before, "form": _form_of(answer)}
    activity.save(update_fields=["detail"])
    SentForm.objects.create(company_id=ticket.company_id, key=answer.key, activity=activity)
    drafts.discard_own(ticket, by, Draft.Channel.EMAIL, key=answer.key, based_on=answer.based_on)
    return activity


def _normalise(answer: Answer) -> Answer:
    """Addresses in normal form, and nobody twice: To wins over CC, CC over BCC."""
    seen: set[str] = set()

    def unseen(people: Iterable[Mailbox]) -> tuple[Mailbox, ...]:
        found = []
        for person in people:
            address = mail.normal_address(person.address) or person.address.strip()
            if address not in seen:
                seen.add(address)
                found.append(Mailbox(person.name, address))
        return tuple(found)

    return replace(answer, to=unseen(answer.to), cc=unseen(answer.cc), bcc=unseen(answer.bcc))


def _check_time(answer: Answer, now: datetime) -> None:
    if answer.at is not None and not now < answer.at <= now + LATEST:
        raise SendTimeError


def _passed_on(ticket: Ticket, answer: Answer, by: Advisor) -> Forwarded | None:
    if answer.forwards is None:
        return None
    message = recipients.mails_of(ticket).filter(pk=answer.forwards).select_related("activity").first()
    return forwarded(ticket, message, by=by) if message else None


def _is_aside(ticket: Ticket, answer: Answer) -> bool:
    """Whether the mail is hidden from the customer: passed on, or to nobody but those who were in BCC."""
    parts = list(ticket.participants.all())
    openly = {part.address for part in parts if part.part != Participant.Part.BCC}
    openly |= {email.address for email in ticket.contact.emails.all()}
    hidden = {part.address for part in parts} - openly
    everyone = {box.address for box in (*answer.to, *answer.cc, *answer.bcc)}
    return not everyone & openly and (answer.forwards is not None or everyone <= hidden)


def _checked_uploads(
    answer: Answer, by: Advisor, passed_on: Forwarded | None
) -> tuple[list[Attachment], list[Attachment]]:
    """The files that go with the mail, and those that are too large for it and go as links."""
    uploads = own_uploads(by, answer.attachment_ids)
    shown = [upload for upload in uploads if str(upload.public_id) in answer.html]
    beside = sum(file.size for file in (*shown, *(passed_on.files if passed_on else ())))
    linked = too_large_to_attach([upload for upload in uploads if upload not in shown], beside=beside)
    if not uploads and not passed_on and not mail.plain_text(answer.html).strip():
        raise EmptyMessageError
    return [upload for upload in uploads if upload not in linked], linked


def _parent(ticket: Ticket, answer: Answer) -> Message | None:
    messages = recipients.mails_of(ticket).order_by("-id")
    if answer.forwards is not None:  # who gets it has seen nothing of the thread
        return None
    if answer.answers:
        return messages.filter(pk=answer.answers).first()
    return messages.filter(is_private=False).first()


def _send(
    ticket: Ticket,
    answer: Answer,
    sender: Mailbox,
    body: Body,
    parent: Message | None,
    *,
    by: Advisor,
    now: datetime,
    aside: bool,
    passed_on: Forwarded | None,
) -> Activity:
    draft = _draft(answer, sender, body, parent, now)
    due_at = max(now + timedelta(seconds=settings.UNDO_SECONDS), answer.at or now)
    outgoing = enqueue(ticket, draft, bcc=answer.bcc, due_at=due_at, now=now)
    activity = ticket.record(Activity.Kind.SENT, by=by, at=now, text=body.new_text)
    store_sent(activity, draft, outgoing, text=body.text, bcc=answer.bcc, is_private=aside)
    files = (*answer.attachment_ids, *(file.public_id for file in (passed_on.files if passed_on else ())))
    attach(activity, files, by=by, content_ids=body.content_ids)
    openly = {"to": answer.to, "cc": answer.cc, "bcc": answer.bcc}
    join(ticket, {"bcc": (*answer.to, *answer.cc, *answer.bcc)} if aside else openly)
    ticket.notifications.tell(activity, {ticket.assignee_id: News.REPLY})
    ticket.show_last(activity, author=str(by), line=mail.preview(body.new_text))
    return activity


def _draft(answer: Answer, sender: Mailbox, body: Body, parent: Message | None, now: datetime) -> mail.Draft:
    return mail.Draft(
        message_id=mail.new_message_id(recipients.domain_of_sender(sender)),
        sender=sender,
        to=answer.to,
        cc=answer.cc,
        subject=answer.subject,
        date=now,
        in_reply_to=parent.message_id if parent else "",
        references=thread_of(parent),
        html=body.html,
        text=body.text,
        inline=body.inline,
        attachments=body.attachments,
    )


def _writes_to(contact: Contact, answer: Answer) -> bool:
    addresses = {box.address for box in (*answer.to, *answer.cc, *answer.bcc)}
    return contact.emails.filter(address__in=addresses).exists()


def _state_of(ticket: Ticket) -> dict[str, object]:
    return {
        "ticket": ticket.pk,
        "status": ticket.status,
        "assignee_id": ticket.assignee_id,
        "closed_at": ticket.closed_at and ticket.closed_at.isoformat(),
        "snoozed_until": ticket.snoozed_until and ticket.snoozed_until.isoformat(),
        "snooze_reason": ticket.snooze_reason,
        "needs_reply_since": ticket.needs_reply_since and ticket.needs_reply_since.isoformat(),
        "last_activity_at": ticket.last_activity_at.isoformat(),
        "last_activity_id": ticket.last_activity_id,
        "last_author": ticket.last_author,
        "last_line": ticket.last_line,
        "confirmed": ticket.contact.confirmed_at is not None,
        "last_participant": ticket.participants.order_by("-id").values_list("id", flat=True).first() or 0,
        "newest": ticket.activities.order_by("-id").values_list("id", flat=True).first() or 0,
    }


def _form_of(answer: Answer) -> dict[str, object]:
    return {
        "to": as_text(answer.to),
        "cc": as_text(answer.cc),
        "bcc": as_text(answer.bcc),
        "subject": answer.subject,
        "text": mail.plain_text(answer.html),
        "html": answer.html,
        "attachments": [str(id) for id in answer.attachment_ids],
        "signature": answer.signature,
        "answers": answer.answers,
        "forwards": answer.forwards,
    }

"""Take entries of one timeline to another ticket, with all that hangs on them.

The ids of a mail hang on the mail: whatever answers it later finds the ticket on which it is now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from emailhub import mail

from .models import Activity, Attachment, ChatMessage, Message, Notification, Participant, Ticket

_Kind = Activity.Kind
# What is said, and what became of it. The other events are the ticket's own history and stay with it.
CARRIED = (*Activity.MESSAGES, _Kind.NOT_DELIVERED, _Kind.AUTOMATIC_REPLY)
_FROM_OUTSIDE = (_Kind.RECEIVED, _Kind.CHAT_RECEIVED)
_FROM_US = (_Kind.SENT, _Kind.CHAT_SENT)


def carry(source: Ticket, target: Ticket, activity_ids: Collection[int], *, now: datetime) -> list[int]:
    """Take these entries of `source` to `target`; return the ids of those that went.

    A mail that the target holds already stays where it is. Both tickets must be locked.
    """
    waited = source.needs_reply_since is not None
    there = Message.objects.filter(ticket=target).values("message_key")
    kept = Message.objects.filter(ticket=source, message_key__in=there).values("activity_id")
    going = source.activities.filter(pk__in=activity_ids, kind__in=CARRIED).exclude(pk__in=kept)
    ids = list(going.values_list("pk", flat=True))
    _carry_people(source, target, ids)
    for model in (Message, ChatMessage, Attachment):
        model._default_manager.filter(ticket=source, activity_id__in=ids).update(ticket=target)
    _carry_notifications(source, target, ids)
    Activity.objects.filter(pk__in=ids).update(ticket=target)
    for ticket in (source, target):
        show_what_is_last(ticket, now=now)
    if waited:
        _carry_wait(source, target, ids)
    return ids


def show_what_is_last(ticket: Ticket, *, now: datetime) -> None:
    """Let the list show the last message or note that the ticket has now."""
    said = ticket.activities.filter(kind__in=Activity.MESSAGES).select_related("advisor__user", "message")
    last = said.order_by("-id").first()
    files = ticket.attachments.filter(is_inline=False).exists()
    fields: dict[str, object] = {"has_attachments": files}
    if last is None:
        fields |= {"last_activity_at": now, "last_activity_id": 0, "last_author": "", "last_line": ""}
    else:
        fields |= {
            "last_activity_at": last.at,
            "last_activity_id": last.pk,
            "last_author": _author(last, ticket)[:100],
            "last_line": mail.preview(last.text)[:200],
        }
    _set(ticket, fields)


def unanswered_since(ticket: Ticket) -> datetime | None:
    """Since when somebody outside waits for an answer of ours on it, by what is said on it."""
    ours = ticket.activities.filter(kind__in=_FROM_US).order_by("-id").values_list("pk", flat=True).first()
    theirs = ticket.activities.filter(kind__in=_FROM_OUTSIDE, id__gt=ours or 0)
    by_people = theirs.exclude(message__automatic__gt="")
    return by_people.order_by("id").values_list("at", flat=True).first()


def _carry_wait(source: Ticket, target: Ticket, ids: Collection[int]) -> None:
    """Who waited for an answer on the one ticket waits for it where their message is now."""
    _set(source, {"needs_reply_since": unanswered_since(source)})
    since = unanswered_since(target)
    came = target.activities.filter(pk__in=ids, kind__in=_FROM_OUTSIDE)
    if since and came.filter(at__gte=since).exists():
        target.await_reply(now=since)


def _carry_people(source: Ticket, target: Ticket, ids: Collection[int]) -> None:
    """Who takes part by what goes takes part there; who took part by nothing else does so here no more."""
    going, staying = set[tuple[str, str]](), set[tuple[str, str]]()
    rows = source.messages.select_related(None).defer("text", "html", "references")
    for message in rows:
        (going if message.activity_id in ids else staying).update(_parts(message))
    people = list(source.participants.all())
    Participant.objects.bulk_create(
        (
            Participant(
                company_id=target.company_id,
                ticket=target,
                address=person.address,
                name=person.name,
                part=person.part,
                is_offered=person.is_offered,
            )
            for person in people
            if (person.address, person.part) in going
        ),
        ignore_conflicts=True,
    )
    gone = [person.pk for person in people if (person.address, person.part) in going - staying]
    Participant.objects.filter(pk__in=gone).delete()


def _parts(message: Message) -> Iterable[tuple[str, str]]:
    """Who takes part by a mail, and as what."""
    if message.is_received:
        yield message.sender_address, "bcc" if message.is_private else "from"
    for part, people in (("to", message.to), ("cc", message.cc), ("bcc", message.bcc)):
        for _name, address in people:
            yield address, part


def _carry_notifications(source: Ticket, target: Ticket, ids: Collection[int]) -> None:
    """Whoever was told of an entry finds it. Nobody is told twice of one instant."""
    told = Notification.objects.filter(ticket=target, advisor_id=OuterRef("advisor_id"), at=OuterRef("at"))
    own = Notification.objects.filter(ticket=source, activity_id__in=ids)
    own.filter(~Exists(told)).update(ticket=target)


def _author(activity: Activity, ticket: Ticket) -> str:
    if activity.advisor:
        return str(activity.advisor)
    message: Message | None = getattr(activity, "message", None)
    return (message.sender_name or message.sender_address) if message else ticket.contact.name


def _set(ticket: Ticket, fields: dict[str, object]) -> None:
    for name, value in fields.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=list(fields))

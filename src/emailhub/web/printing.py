"""A ticket on paper: what was said on it from the first day on, as text, with what happened in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from emailhub.desk.models import Activity, Attachment, Message, Ticket

from .events import event_sentence
from .frames import LONGEST_TEXT
from .moments import full_moment
from .timeline_filter import Choice

_INTERNAL = (Activity.Kind.NOTE,)


@dataclass(frozen=True)
class Printed:
    """One entry. What was quoted below a mail is not printed again: it stands above."""

    when: str
    kind: str
    author: str = ""
    addressed: str = ""
    text: str = ""
    files: tuple[str, ...] = ()
    sentence: SafeString | str = ""  # of an event
    is_note: bool = False


def printed_entries(ticket: Ticket, choice: Choice, *, for_customer: bool) -> Iterator[Printed]:
    """Every entry in order, by one query. A customer's copy has no notes, no events, nothing hidden."""
    files = Attachment.objects.filter(activity_id=OuterRef("pk"), is_inline=False).order_by("id")
    activities = choice.of(ticket.activities.timeline())
    if for_customer:
        said = activities.filter(kind__in=Activity.MESSAGES).exclude(kind__in=_INTERNAL)
        activities = said.exclude(message__is_private=True)
    lean = activities.defer("search", "html", "message__text", "message__html", "message__references")
    for activity in lean.annotate(file_names=ArraySubquery(files.values("filename"))):
        yield _printed(activity, ticket, for_customer=for_customer)


def _printed(activity: Any, ticket: Ticket, *, for_customer: bool) -> Printed:
    if activity.kind not in Activity.MESSAGES:
        return Printed(full_moment(activity.at), "", sentence=event_sentence(activity))
    message: Message | None = getattr(activity, "message", None)
    return Printed(
        when=full_moment(activity.at),
        kind=activity.get_kind_display(),
        author=_author(activity, message, ticket),
        addressed=_addressed(message, for_customer=for_customer) if message else "",
        text=activity.text[:LONGEST_TEXT].strip(),
        files=tuple(activity.file_names),
        is_note=activity.kind in _INTERNAL,
    )


def _author(activity: Activity, message: Message | None, ticket: Ticket) -> str:
    if activity.advisor:
        return str(activity.advisor)
    if message is None:
        return ticket.contact.name
    return f"{message.sender_name} <{message.sender_address}>".strip()


def _addressed(message: Message, *, for_customer: bool) -> str:
    parts = [(_("To"), message.to), (_("CC"), message.cc)]
    if not for_customer:
        parts.append((_("BCC"), message.bcc))
    return " · ".join(f"{label}: {_names(people)}" for label, people in parts if people)


def _names(people: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} <{address}>" if name else address for name, address in people)

"""A ticket's timeline, a window of it at a time: messages as cards, events as lines, days as headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import OuterRef
from django.utils import timezone
from django.utils.safestring import SafeString

from emailhub.accounts.models import Advisor
from emailhub.delivery.models import OutgoingRecipient
from emailhub.desk.embedding import as_rows, keep_rows
from emailhub.desk.models import Activity, Attachment, Ticket
from emailhub.desk.queries import ActivityQuerySet
from emailhub.desk.remote_pictures import are_shown
from emailhub.intake.models import ReceivedMessage

from .cards import Card, build_card
from .events import event_icon, event_sentence
from .moments import day_heading
from .regrouping_words import undoable
from .timeline_filter import EVERYTHING, Choice

WINDOW = 30
MOST_NEW = 100
_ABOVE = 5  # entries shown above the one that was asked for


@dataclass(frozen=True)
class Entry:
    """One activity, as a card or as an event's sentence, perhaps the first of its day."""

    activity: Activity
    day: date | None = None
    heading: str = ""
    card: Card | None = None
    icon: str = ""
    sentence: SafeString | str = ""
    why: int | None = None  # the activity whose trace says why this happened
    undo: int | None = None  # the regrouping that can be taken back here


@dataclass(frozen=True)
class Timeline:
    """A window of it. Its marks are ids of activities, so that a window costs the same wherever it is."""

    entries: Sequence[Entry]
    earlier: int | None = None  # the activity before which there is more
    later: int | None = None  # the first activity after the window

    @property
    def last_id(self) -> int:
        return self.entries[-1].activity.pk if self.entries else 0


def newest(
    ticket: Ticket, *, now: datetime, before: int | None = None, choice: Choice = EVERYTHING
) -> Timeline:
    """The last entries, or the last ones before an activity."""
    activities = choice.of(_activities(ticket))
    if before is not None:
        activities = activities.filter(id__lt=before)
    found = _read(activities.order_by("-id")[: WINDOW + 1])
    window = found[:WINDOW][::-1]
    return Timeline(
        build_entries(window, ticket, now=now),
        earlier=window[0].pk if len(found) > WINDOW else None,
        later=before if window else None,
    )


def around(ticket: Ticket, *, at: int, now: datetime, choice: Choice = EVERYTHING) -> Timeline:
    """An activity, a few of those above it, and what came after it as far as a window goes."""
    activities = choice.of(_activities(ticket))
    above = _read(activities.filter(id__lt=at).order_by("-id")[: _ABOVE + 1])
    below = _read(activities.filter(id__gte=at)[: WINDOW + 1])
    window = [*above[:_ABOVE][::-1], *below[:WINDOW]]
    return Timeline(
        build_entries(window, ticket, now=now),
        earlier=window[0].pk if len(above) > _ABOVE else None,
        later=below[WINDOW].pk if len(below) > WINDOW else None,
    )


def newer(ticket: Ticket, *, after: int, now: datetime, choice: Choice = EVERYTHING) -> Timeline:
    """What came after an activity."""
    found = _read(choice.of(_activities(ticket)).filter(id__gt=after)[:MOST_NEW])
    shown = choice.of(ticket.activities.all())
    previous = shown.filter(id__lte=after).order_by("-id").values_list("at", flat=True).first()
    return Timeline(build_entries(found, ticket, now=now, previous=previous))


def one(ticket: Ticket, *, activity_id: int, now: datetime) -> Timeline:
    """A single entry as it is now, without its day."""
    found = _read(_activities(ticket).filter(id=activity_id))
    return Timeline(build_entries(found, ticket, now=now, previous=found[0].at if found else None))


def first_new(ticket: Ticket, shown: Timeline, *, seen_to: int, advisor: Advisor) -> int | None:
    """The first message or note of somebody else's that came after what the advisor has seen.

    The database is asked only where it may lie above what is shown. Who has never been here has no line
    to draw: all of it is new.
    """
    if not seen_to:
        return None
    entries = shown.entries
    if shown.earlier is None or entries[0].activity.pk <= seen_to:
        fresh = (entry.activity for entry in entries if entry.card and entry.activity.pk > seen_to)
        return next((activity.pk for activity in fresh if activity.advisor_id != advisor.pk), None)
    others = ticket.activities.exclude(advisor=advisor)
    unseen = others.filter(id__gt=seen_to, kind__in=Activity.MESSAGES).order_by("id")
    return unseen.values_list("pk", flat=True).first()


def _activities(ticket: Ticket) -> ActivityQuerySet:
    """With what became of their e-mails and their files, all in one query: read them by `_read()`."""
    files = Attachment.objects.filter(activity_id=OuterRef("pk"))
    recipients = OutgoingRecipient.objects.filter(message_id=OuterRef("message__outgoing_id"))
    deliveries = ReceivedMessage.objects.filter(filed_as_id=OuterRef("message__pk"))
    texts = ReceivedMessage.objects.filter(filed_chat_id=OuterRef("chat__pk"))
    timeline: ActivityQuerySet = ticket.activities.timeline().annotate(
        file_rows=as_rows(files.order_by("id")),
        recipient_rows=as_rows(recipients.order_by("id")),
        delivery_rows=as_rows(deliveries.order_by("id")),
        text_rows=as_rows(texts.order_by("id")),
        are_pictures_shown=are_shown(),
    )
    return timeline


def _read(activities: ActivityQuerySet) -> list[Activity]:
    found: list[Any] = list(activities)
    for activity in found:
        keep_rows(activity, "attachments", activity.file_rows)
        if chat := getattr(activity, "chat", None):
            keep_rows(chat, "deliveries", activity.text_rows)
        if message := getattr(activity, "message", None):
            keep_rows(message, "deliveries", activity.delivery_rows)
            if message.outgoing:
                keep_rows(message.outgoing, "recipients", activity.recipient_rows)
    return found


def build_entries(
    activities: Sequence[Activity], ticket: Ticket, *, now: datetime, previous: datetime | None = None
) -> list[Entry]:
    """Entries in the order given; `previous` is the instant of the entry above them."""
    days = [
        timezone.localdate(previous) if previous else None,
        *(timezone.localdate(a.at) for a in activities),
    ]
    today = timezone.localdate(now)
    followers = [*activities, None][1:]
    return [
        _entry(activity, follower, ticket, now, *_opened_day(above, day, today))
        for activity, follower, (above, day) in zip(activities, followers, pairwise(days), strict=True)
    ]


def _opened_day(above: date | None, day: date | None, today: date) -> tuple[date | None, str]:
    return (None, "") if day is None or above == day else (day, day_heading(day, today=today))


def _entry(
    activity: Activity,
    follower: Activity | None,
    ticket: Ticket,
    now: datetime,
    day: date | None,
    heading: str,
) -> Entry:
    if activity.kind in Activity.MESSAGES:
        return Entry(activity, day, heading, card=build_card(activity, ticket, now=now))
    return Entry(
        activity,
        day,
        heading,
        icon=event_icon(activity),
        sentence=event_sentence(activity),
        why=_explained_by(activity, follower),
        undo=undoable(activity),
    )


def _explained_by(activity: Activity, follower: Activity | None) -> int | None:
    """A ticket that a mail made is explained by the mail, which follows."""
    made_by_mail = activity.kind == Activity.Kind.CREATED and activity.advisor_id is None
    return follower.pk if made_by_mail and follower and follower.kind == Activity.Kind.RECEIVED else None

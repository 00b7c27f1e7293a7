"""The list of notifications as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from emailhub.desk.models import Activity, Notification
from emailhub.desk.news import News
from emailhub.desk.notification_words import NotificationWords, words_of

from .listing import Listing
from .returns import ticket_url

_ICONS = {
    News.MENTION: "at",
    News.ASSIGNED: "user",
    News.NOT_DELIVERED: "alert",
    News.SNOOZE: "clock",
    News.TEAM: "team",
}
_OF_ACTIVITIES = {
    Activity.Kind.NOTE: "note",
    Activity.Kind.SENT: "send",
    Activity.Kind.RECEIVED: "mail",
    Activity.Kind.CHAT_RECEIVED: "chat",
}


@dataclass(frozen=True)
class Entry:
    """A line of the list. It leads to the ticket, which marks it as read."""

    words: NotificationWords
    icon: str
    url: str
    at: datetime
    is_unread: bool


def entries_of(notifications: Iterable[Notification]) -> list[Entry]:
    """One entry each. They need what `with_words()` selects."""
    return [
        Entry(
            words=words_of(notification),
            icon=_icon(notification),
            url=f"{ticket_url(notification.ticket, Listing())}#activity-{notification.activity_id}",
            at=notification.at,
            is_unread=notification.read_at is None,
        )
        for notification in notifications
    ]


def _icon(notification: Notification) -> str:
    of_activity = _OF_ACTIVITIES.get(Activity.Kind(notification.activity.kind), "bell")
    return _ICONS.get(News(notification.kind), of_activity)

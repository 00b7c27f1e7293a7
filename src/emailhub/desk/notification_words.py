"""What a notification says in the active language: the same in the page, by e-mail and pushed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from emailhub import mail

from .models import Activity, Notification
from .news import News


@dataclass(frozen=True)
class NotificationWords:
    """One notification as plain text."""

    what: str  # what happened: "Carla Ruiz wrote"
    where: str  # on which ticket: "#12 The pump leaks"
    why: str  # why it is told: "Your ticket"
    line: str  # the first words of what was written, or nothing


def words_of(notification: Notification) -> NotificationWords:
    """The words of a notification that was read `with_words()`."""
    ticket = notification.ticket
    return NotificationWords(
        what=_what(notification),
        where=f"#{ticket.number} {ticket.subject or _('(no subject)')}",
        why=_why(notification),
        line=mail.preview(notification.activity.text),
    )


def author_of(notification: Notification) -> str:
    """Who did it: an advisor, or who wrote the mail; else the customer."""
    activity = notification.activity
    if activity.advisor:
        return str(activity.advisor)
    message, customer = getattr(activity, "message", None), notification.ticket.contact
    if message is None or message.contact_id == customer.pk:
        return customer.name
    return message.sender_name or message.sender_address or customer.name


def _what(notification: Notification) -> str:
    activity, who = notification.activity, author_of(notification)
    if notification.kind == News.MENTION:
        return _("%(who)s mentions you") % {"who": who}
    if notification.kind == News.SNOOZE:
        return _("A ticket that was put off is due again")
    match activity.kind:
        case Activity.Kind.NOTE:
            return _("%(who)s wrote a note") % {"who": who}
        case Activity.Kind.SENT:
            return _("%(who)s answered") % {"who": who}
        case Activity.Kind.ASSIGNED if activity.advisor:
            return _("%(who)s gave you a ticket") % {"who": who}
        case Activity.Kind.ASSIGNED:
            return _("A ticket is yours now")
        case Activity.Kind.MOVED:
            team = notification.ticket.team.name
            return _("A ticket was moved to %(team)s") % {"team": team}
        case Activity.Kind.NOT_DELIVERED:
            return _("Not delivered to %(address)s") % {"address": activity.detail.get("address", "")}
    return _("%(who)s wrote") % {"who": who}


def _why(notification: Notification) -> str:
    match notification.kind:
        case News.REPLY | News.ASSIGNED | News.SNOOZE | News.NOT_DELIVERED:
            return _("Your ticket")
        case News.FOLLOWED:
            return _("You follow it")
        case News.TEAM:
            return _("%(team)s, unassigned") % {"team": notification.ticket.team.name}
    return notification.ticket.team.name

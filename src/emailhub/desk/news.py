"""What advisors can be told, and how often they want an e-mail about it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _


class News(models.TextChoices):
    """The kinds of news, the most personal first: of two about the same act the upper one is told."""

    MENTION = "mention", _("Somebody mentions me in a note")
    ASSIGNED = "assigned", _("A ticket is assigned to me")
    NOT_DELIVERED = "not_delivered", _("An email of mine could not be delivered")
    SNOOZE = "snooze", _("A ticket that was put off is due again")
    REPLY = "reply", _("Something new on a ticket of mine")
    FOLLOWED = "followed", _("Something new on a ticket that I follow")
    TEAM = "team", _("Something new for my team on a ticket that nobody has")


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", _("After two minutes, unless I have read it here by then")
    HOURLY = "hourly", _("Once an hour, all in one email")
    DAILY = "daily", _("Once a day at 8:00, all in one email")


# What who has chosen nothing hears of, and how.
IN_PAGE: tuple[str, ...] = tuple(News.values)
BY_EMAIL: tuple[str, ...] = (News.MENTION, News.ASSIGNED, News.NOT_DELIVERED)
BY_PUSH: tuple[str, ...] = (News.MENTION, News.ASSIGNED, News.NOT_DELIVERED, News.SNOOZE, News.REPLY)

_GRACE = timedelta(minutes=2)
_DIGEST_AT = time(8)


def mail_due_at(rhythm: str, zone_name: str, *, now: datetime) -> datetime:
    """When an e-mail about something that happens now is due, for a reader in this time zone."""
    if rhythm == Rhythm.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if rhythm == Rhythm.DAILY:
        return _next_digest(now.astimezone(ZoneInfo(zone_name)))
    return now + _GRACE


def _next_digest(local: datetime) -> datetime:
    day = local.date() if local.time() < _DIGEST_AT else local.date() + timedelta(days=1)
    return datetime.combine(day, _DIGEST_AT, tzinfo=local.tzinfo)

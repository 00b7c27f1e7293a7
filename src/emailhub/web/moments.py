"""Instants in the reader's time zone and language, as short as they can be said."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _


def clock(at: datetime) -> str:
    """10:42"""
    local = timezone.localtime(at)
    return _clock(local.hour, local.minute, get_language())


def moment(at: datetime, *, now: datetime) -> str:
    """10:42 today, "yesterday", "Tue" within a week, "18 Nov" this year, "18 Nov 2025" before."""
    day, today = timezone.localtime(at).date(), timezone.localdate(now)
    return clock(at) if day >= today else _earlier(day, today, get_language())


def coming(at: datetime, *, now: datetime) -> str:
    """What is still to come: 15:00 today, "tomorrow 9:00", "Mon 9:00" within a week, else "4 Dec 9:00"."""
    day, today = timezone.localtime(at).date(), timezone.localdate(now)
    days = (day - today).days
    if days <= 0:
        return clock(at)
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock(at)}
    return f"{_later(day, today, get_language())} {clock(at)}"


def full_moment(at: datetime) -> str:
    """The day and the time, for the title of a short moment."""
    return f"{_whole_day(timezone.localtime(at).date(), get_language())}, {clock(at)}"


def day_heading(day: date, *, today: date) -> str:
    """Wednesday 18 November"""
    if day.year == today.year:
        return date_format(day, pgettext("day heading", "l j F"))
    return _whole_day(day, get_language())


# A page says dozens of moments, most of them on the same days. The language is there to tell the kept ones
# apart; the words are in the one that is active.


@lru_cache(maxsize=4096)
def _clock(hour: int, minute: int, _language: str | None) -> str:
    return time_format(time(hour, minute), pgettext("time of day", "G:i"))


@lru_cache(maxsize=4096)
def _whole_day(day: date, _language: str | None) -> str:
    return date_format(day, pgettext("whole day", "l j F Y"))


@lru_cache(maxsize=4096)
def _earlier(day: date, today: date, _language: str | None) -> str:
    days = (today - day).days
    if days == 1:
        return _("yesterday")
    return _day_within(day, today, days)


@lru_cache(maxsize=4096)
def _later(day: date, today: date, _language: str | None) -> str:
    return _day_within(day, today, (day - today).days)


def _day_within(day: date, today: date, days: int) -> str:
    if days < 7:
        return date_format(day, "D").lower() if _lower_days() else date_format(day, "D")
    if day.year == today.year:
        return date_format(day, pgettext("day this year", "j M"))
    return date_format(day, pgettext("day of another year", "j M Y"))


def how_long(since: datetime, *, now: datetime) -> str:
    """18 min, 17 h, 3 d"""
    passed = max(now - since, timedelta())
    minutes = int(passed.total_seconds() // 60)
    if minutes < 60:
        return _("%(count)s min") % {"count": minutes}
    if minutes < 48 * 60:
        return _("%(count)s h") % {"count": minutes // 60}
    return _("%(count)s d") % {"count": passed.days}


def file_size(size: int) -> str:
    """182 kB, 3.4 MB: decimal, as disks and mail programs count."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{number_format(size / 1000, 0)} kB"
    return f"{number_format(size / 1_000_000, 1)} MB"


def _lower_days() -> bool:
    """Whether the language writes days in small letters."""
    return pgettext("days in small letters: yes or no", "no") == "yes"

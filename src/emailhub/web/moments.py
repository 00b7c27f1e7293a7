"""Instants in the reader's time zone and language, as short as they can be said."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def clock(at: datetime) -> str:
    """10:42"""
    return date_format(timezone.localtime(at), pgettext("time of day", "G:i"))


def moment(at: datetime, *, now: datetime) -> str:
    """10:42 today, "yesterday", "Tue" within a week, "18 Nov" this year, "18 Nov 2025" before."""
    local, today = timezone.localtime(at), timezone.localdate(now)
    days = (today - local.date()).days
    if days <= 0:
        return clock(at)
    if days == 1:
        return _("yesterday")
    if days < 7:
        return date_format(local, "D").lower() if _lower_days() else date_format(local, "D")
    if local.year == today.year:
        return date_format(local, pgettext("day this year", "j M"))
    return date_format(local, pgettext("day of another year", "j M Y"))


def full_moment(at: datetime) -> str:
    """The day and the time, for the title of a short moment."""
    local = timezone.localtime(at)
    return f"{date_format(local, pgettext('whole day', 'l j F Y'))}, {clock(at)}"


def day_heading(day: date, *, today: date) -> str:
    """Wednesday 18 November"""
    if day.year == today.year:
        return date_format(day, pgettext("day heading", "l j F"))
    return date_format(day, pgettext("whole day", "l j F Y"))


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

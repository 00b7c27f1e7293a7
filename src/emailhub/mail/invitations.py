"""Invitations (iTIP, RFC 5546): the facts of the card that shows one. Nothing is expanded or fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from emailhub.mail.addresses import normal_address
from emailhub.mail.message import Attachment
from emailhub.mail.storable import one_line, storable

if TYPE_CHECKING:
    from icalendar import Component

_TYPES = {"text/calendar", "application/ics"}
_MOST_OCTETS = 256 * 1024
_MOST_GUESTS = 200
_LINE = 500
_TEXT = 10_000
# What the library raises on calendars that are none, seen by feeding it broken ones.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited, and what they answered: NEEDS-ACTION, ACCEPTED, DECLINED, TENTATIVE ..."""

    name: str
    address: str
    answer: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """The first event of a calendar. Instants are aware, or in floating time where the event is."""

    method: str  # REQUEST, CANCEL, REPLY ... or ""
    uid: str
    sequence: int
    summary: str
    location: str
    description: str
    starts_at: datetime | None
    ends_at: datetime | None
    all_day: bool
    organizer: str  # an address
    guests: tuple[Guest, ...]
    repeats: bool


def invitation(attachment: Attachment) -> Invitation | None:
    """Return what a text/calendar part invites to, None if it holds no event that can be read."""
    if attachment.content_type not in _TYPES or attachment.size > _MOST_OCTETS:
        return None
    from icalendar import Calendar  # with its time zones 10 MB, which few processes need

    try:
        calendar = Calendar.from_ical(attachment.content.decode("utf-8", "replace"))
        event = next(iter(calendar.walk("VEVENT")), None)
        return _read(calendar, event) if event is not None else None
    except UNREADABLE:
        return None


def _read(calendar: Component, event: Component) -> Invitation:
    starts_at, all_day = _instant(event, "DTSTART")
    return Invitation(
        method=_line(calendar, "METHOD").upper(),
        uid=_line(event, "UID"),
        sequence=_number(event, "SEQUENCE"),
        summary=_line(event, "SUMMARY"),
        location=_line(event, "LOCATION"),
        description=storable(str(event.get("DESCRIPTION", "")))[:_TEXT],
        starts_at=starts_at,
        ends_at=_end(event, starts_at),
        all_day=all_day,
        organizer=_address(event.get("ORGANIZER", "")),
        guests=tuple(_guest(guest) for guest in _several(event.get("ATTENDEE"))),
        repeats="RRULE" in event or "RDATE" in event,
    )


def _end(event: Component, starts_at: datetime | None) -> datetime | None:
    if "DTEND" in event:
        return _instant(event, "DTEND")[0]
    lasts = event.decoded("DURATION") if "DURATION" in event else None
    return starts_at + lasts if starts_at and lasts else None


def _instant(component: Component, name: str) -> tuple[datetime | None, bool]:
    """Return a DATE-TIME or DATE property, and whether it is a day."""
    if name not in component:
        return None, False
    value = component.decoded(name)
    if isinstance(value, datetime):
        return value, False
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), True
    return None, False


def _several(values: object) -> list[object]:
    if values is None:
        return []
    return list(values)[:_MOST_GUESTS] if isinstance(values, list) else [values]


def _guest(value: object) -> Guest:
    parameters = getattr(value, "params", {})
    name, answer = str(parameters.get("CN", "")), str(parameters.get("PARTSTAT", "NEEDS-ACTION"))
    return Guest(one_line(name, _LINE), _address(value), one_line(answer, 20).upper())


def _address(value: object) -> str:
    text = str(value)[:_LINE]
    return normal_address(text[7:] if text.lower().startswith("mailto:") else text)


def _line(component: Component, name: str) -> str:
    return one_line(str(component.get(name, "")), _LINE)


def _number(component: Component, name: str) -> int:
    value = component.get(name, 0)
    return min(int(value), 1_000_000) if str(value).isascii() and str(value).isdigit() else 0

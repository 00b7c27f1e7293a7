"""Answer an invitation (iTIP, RFC 5546 3.2.3): the calendar that goes back to who invited."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from emailhub.mail.invitations import UNREADABLE


class InvitationAnswer(StrEnum):
    """RFC 5545 3.2.12: what somebody who is invited says."""

    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"


# What identifies the event and must come back as it was; the rest is the organizer's.
_KEPT = ("UID", "SEQUENCE", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION", "SUMMARY", "ORGANIZER")


def reply_to_invitation(content: bytes, guest: str, answer: InvitationAnswer, *, now: datetime) -> str:
    """The calendar with this guest's answer, or "" where the invitation cannot be answered.

    RFC 5546 3.2.3: one ATTENDEE, that of the guest who answers, under the same UID and SEQUENCE.
    """
    from icalendar import Calendar, Event, vCalAddress

    try:
        event = next(iter(Calendar.from_ical(content.decode("utf-8", "replace")).walk("VEVENT")), None)
        if event is None or "UID" not in event or "ORGANIZER" not in event:
            return ""
        reply = Event()
        for name in _KEPT:
            if name in event:
                reply[name] = event[name]
        attendee = vCalAddress(f"mailto:{guest}")
        attendee.params["PARTSTAT"] = answer.value
        reply["ATTENDEE"] = attendee
        reply.add("DTSTAMP", now.astimezone(UTC))
        calendar = Calendar()
        for name, value in (("VERSION", "2.0"), ("PRODID", "-//EmailHub//EN"), ("METHOD", "REPLY")):
            calendar.add(name, value)
        calendar.add_component(reply)
        return str(calendar.to_ical().decode("utf-8"))
    except UNREADABLE:
        return ""

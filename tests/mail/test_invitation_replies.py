"""Answers to invitations, read back by the library that others read them with."""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar

from emailhub import mail
from emailhub.mail import InvitationAnswer
from emailhub.mail.message import Mailbox

from . import messages

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
GUEST = "service.dealer@inbox.example"
ASKED = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:visit-1@farm.example
SEQUENCE:3
RECURRENCE-ID:20261201T090000Z
DTSTAMP:20261101T090000Z
DTSTART:20261201T090000Z
DTEND:20261201T100000Z
SUMMARY:Visit\\, with "Søren"
ORGANIZER;CN=Carla:mailto:carla@farm.example
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:service.dealer@inbox.example
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:other@farm.example
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def test_the_answer_is_one_guests_under_the_events_own_ids() -> None:
    reply = Calendar.from_ical(mail.reply_to_invitation(ASKED, GUEST, InvitationAnswer.DECLINED, now=NOW))
    [event] = reply.walk("VEVENT")
    assert reply["METHOD"] == "REPLY"
    assert (event["UID"], event["SEQUENCE"]) == ("visit-1@farm.example", 3)
    assert event.decoded("RECURRENCE-ID") == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert event["SUMMARY"] == 'Visit, with "Søren"'
    assert event["ATTENDEE"] == f"mailto:{GUEST}" and event["ATTENDEE"].params["PARTSTAT"] == "DECLINED"
    assert event["ORGANIZER"] == "mailto:carla@farm.example"
    assert event.decoded("DTSTAMP") == NOW


def test_what_is_no_invitation_has_no_answer() -> None:
    for content in (
        b"",
        b"BEGIN:VCALENDAR\nEND:VCALENDAR",
        b"\xff\xfe",
        ASKED.replace(b"ORGANIZER", b"X-BOSS"),
    ):
        assert mail.reply_to_invitation(content, GUEST, InvitationAnswer.ACCEPTED, now=NOW) == ""


def test_invitations_of_real_programs_can_be_answered() -> None:
    for name in ("invitation_as_alternative_of_outlook", "invitation_twice_as_google_sends_it"):
        calendar = messages.read(name).attachments[0]
        asked = mail.invitation(calendar)
        reply = mail.reply_to_invitation(calendar.content, GUEST, InvitationAnswer.ACCEPTED, now=NOW)
        assert asked and f"UID:{asked.uid}"[:60] in reply.replace("\r\n ", "")


def test_the_mail_has_the_calendar_beside_its_text_as_programs_look_for_it() -> None:
    calendar = mail.reply_to_invitation(ASKED, GUEST, InvitationAnswer.ACCEPTED, now=NOW)
    draft = mail.Draft(
        message_id="x@inbox.example",
        sender=Mailbox("Service", GUEST),
        to=(Mailbox("", "carla@farm.example"),),
        date=NOW,
        subject="Accepted: Visit",
        text="Accepted: Visit",
        calendar_reply=calendar,
    )
    raw = mail.compose(draft)
    assert b'text/calendar; charset="utf-8"; method="REPLY"' in raw
    assert raw.index(b"text/plain") < raw.index(b"text/calendar") and b"multipart/alternative" in raw
    read = mail.parse(raw)
    assert read.text.strip() == "Accepted: Visit"
    [part] = [file for file in read.attachments if file.content_type == "text/calendar"]
    found = mail.invitation(part)
    assert found and (found.method, found.guests[0].answer) == ("REPLY", "ACCEPTED")

"""Which mail an answer belongs to, and what of it others get to see."""

from __future__ import annotations

import uuid
from email import message_from_bytes
from email.policy import default

from django.utils import timezone

from emailhub import mail, store
from emailhub.desk.answer import Answer
from emailhub.desk.models import Activity, Ticket
from emailhub.desk.receive import Received, append_received
from emailhub.desk.recipients import propose
from emailhub.desk.reply import reply
from emailhub.mail import Mailbox
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import filed


def write(ticket: Ticket, cast: Cast) -> Activity:
    answer = Answer(to=(Mailbox("", CARLA),), subject="Re: Pump", html="<p>Soon.</p>", key=uuid.uuid4())
    return reply(ticket, answer, by=cast.ana, now=timezone.now())


def source(activity: Activity) -> bytes:
    return store.get(activity.company_id, activity.message.content_key)


def answer_by_mail(ticket: Ticket, cast: Cast) -> None:
    """Ben answers the ticket with his mail program, which makes a note of it."""
    raw = letter("ben@dealer.example", text="Tell her nothing of the recall.", message_id="b@dealer.example")
    received = Received(
        team=cast.service,
        mail=mail.parse(raw),
        sender=Mailbox("Ben", "ben@dealer.example"),
        answer_to="",
        contact=None,
        message_key="b" * 64,
        content_key=store.put(ticket.company_id, raw),
        new_text="Tell her nothing of the recall.",
        files=(),
        verdict="pass",
        flags=(),
        own_addresses=frozenset(),
        from_advisor=cast.ben,
        needs_reply=False,
    )
    append_received(ticket, received, now=timezone.now())


def test_what_an_advisor_mailed_to_the_team_is_never_quoted_to_the_customer(inside: Cast) -> None:
    first = filed(inside.dealer.id, letter(CARLA, message_id="first@customer.example"))
    answer_by_mail(first.ticket, inside)
    assert propose(first.ticket).answers == first
    sent = source(write(first.ticket, inside))
    assert b"recall" not in sent
    assert b"In-Reply-To: <first@customer.example>\r\n" in sent


def test_an_answer_to_a_mail_without_references_carries_on_what_that_answered(inside: Cast) -> None:
    raw = letter(CARLA, message_id="second@customer.example", in_reply_to="first@customer.example")
    sent = message_from_bytes(source(write(filed(inside.dealer.id, raw).ticket, inside)), policy=default)
    assert sent["References"].split() == ["<first@customer.example>", "<second@customer.example>"]


def test_the_quoted_date_is_the_companys_and_not_the_writers(inside: Cast) -> None:
    inside.dealer.time_zone = "Asia/Tokyo"
    inside.dealer.save()
    first = filed(inside.dealer.id, letter(CARLA))
    Activity.objects.filter(pk=first.activity_id).update(at="2026-11-23T20:30:00Z")
    with timezone.override("America/Bogota"):
        activity = write(first.ticket, inside)
    assert "Nov. 24, 2026, 5:30 a.m." in activity.message.text

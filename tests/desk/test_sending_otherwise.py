"""Mails that are passed on, leave later, are hidden from the customer, or are taken up again."""

from __future__ import annotations

import uuid
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from emailhub import store
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.desk import recipients
from emailhub.desk.answer import Answer
from emailhub.desk.errors import NothingToMendError, SendTimeError
from emailhub.desk.models import Activity, Participant, Ticket
from emailhub.desk.reply import reply
from emailhub.desk.resend import edit_again
from emailhub.desk.undo import take_back
from emailhub.mail import Mailbox
from tests.cast import CARLA, JON, Cast
from tests.web import desk


@pytest.fixture
def ticket(inside: Cast) -> Ticket:
    made = desk.open_ticket(inside.service, inside.carla)
    activity = desk.receive(made, html='<p>It drips <img src="cid:drip@x"></p>')
    desk.attach(activity, "drip.png", desk.PNG, "image/png", content_id="drip@x", is_inline=True)
    desk.attach(activity, "order.pdf", b"%PDF", "application/pdf")
    return made


def answer(to: str = CARLA, html: str = "<p>Please look</p>", **more: object) -> Answer:
    people = tuple(Mailbox("", address) for address in to.split())
    return Answer(to=people, subject="Fwd: pump", html=html, key=uuid.uuid4(), **more)  # type: ignore[arg-type]


def forward(ticket: Ticket, by: Cast) -> Activity:
    message = ticket.messages.get(outgoing=None)
    return reply(ticket, answer(JON, forwards=message.pk), by=by.ana, now=timezone.now())


def test_a_mail_is_passed_on_with_its_text_and_files(inside: Cast, ticket: Ticket) -> None:
    sent = forward(ticket, inside)
    raw = store.get(ticket.company_id, sent.message.content_key)
    parsed = message_from_bytes(raw, policy=policy.default)
    names = {part.get_filename() for part in parsed.walk() if part.get_filename()}
    html = parsed.get_body(("html",)).get_content()  # type: ignore[union-attr]
    (image,) = [part for part in parsed.walk() if part.get_content_type() == "image/png"]
    assert {"order.pdf"} <= names and f"cid:{image['Content-ID'].strip('<>')}" in html
    assert "Forwarded: email from Carla Ruiz" in html and "It drips" in html
    assert parsed["In-Reply-To"] is None
    assert sorted(file.filename for file in sent.attachments.all()) == ["drip.png", "order.pdf"]


def test_the_customer_does_not_learn_of_whom_we_ask(inside: Cast, ticket: Ticket) -> None:
    forward(ticket, inside)
    ticket.refresh_from_db()
    proposal = recipients.propose(ticket)
    assert ([box.address for box in proposal.to], proposal.cc, proposal.dropped) == ([CARLA], (), ())
    assert ticket.needs_reply_since is not None
    again = reply(ticket, answer(JON), by=inside.ana, now=timezone.now())  # and we go on with them alone
    assert again.message.is_private
    assert {part.part for part in Participant.objects.filter(address=JON)} == {"bcc"}
    assert recipients.propose(ticket).cc == ()


def test_a_mail_waits_for_its_time_and_can_be_taken_back_until_then(inside: Cast, ticket: Ticket) -> None:
    now = timezone.now()
    sent = reply(ticket, answer(at=now + timedelta(days=1)), by=inside.ana, now=now)
    assert OutgoingMessage.objects.get().due_at == now + timedelta(days=1)
    draft = take_back(sent, by=inside.ana, now=now + timedelta(hours=23))
    assert draft.fields["text"] == "Please look"


@pytest.mark.parametrize("later", [timedelta(seconds=-1), timedelta(days=400)])
def test_a_time_that_is_over_or_far_off_is_refused(inside: Cast, ticket: Ticket, later: timedelta) -> None:
    now = timezone.now()
    with pytest.raises(SendTimeError):
        reply(ticket, answer(at=now + later), by=inside.ana, now=now)


def test_what_did_not_arrive_becomes_a_draft_for_those_who_missed_it(inside: Cast, ticket: Ticket) -> None:
    inside.ana.signature = "<p>Ana, Service</p>"
    inside.ana.save()
    sent = reply(ticket, answer(f"{CARLA} {JON}", signature=True), by=inside.ana, now=timezone.now())
    with pytest.raises(NothingToMendError):
        edit_again(sent, by=inside.ana, now=timezone.now())
    OutgoingRecipient.objects.filter(address=JON).update(state=OutgoingRecipient.State.BOUNCED)
    fields = edit_again(sent, by=inside.ana, now=timezone.now()).fields
    assert (fields["to"], fields["cc"], fields["html"]) == (JON, "", "<p>Please look</p>")

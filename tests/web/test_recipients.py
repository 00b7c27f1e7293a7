"""Whom the composer proposes, offers and asks about."""

from __future__ import annotations

import uuid

from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Participant, Ticket
from emailhub.desk.storing import join
from emailhub.mail import Mailbox
from tests.cast import CARLA, JON, Cast
from tests.web import desk


def copied(cast: Cast, ticket: Ticket) -> None:
    """Carla copies Jon, then leaves him out."""
    with company(cast.dealer.id):
        desk.receive(ticket, cc=[["Jon", JON]])
        join(ticket, {"from": [Mailbox("Carla Ruiz", CARLA)], "cc": [Mailbox("Jon", JON)]})
        desk.receive(ticket)


def sent_to(cast: Cast) -> list[str]:
    with company(cast.dealer.id):
        rows = OutgoingMessage.objects.order_by("-pk")[:1]
        return [row.address for message in rows for row in message.recipients.order_by("address")]


def test_who_is_left_out_by_the_customer_is_offered_and_not_written_to(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    copied(cast, ticket)
    page = ana.get("/tickets/1/").content.decode()
    assert "Not in the last email any more:" in page
    assert f'data-add-person="Jon &lt;{JON}&gt;"' in page.replace("&quot;", "")
    assert 'name="cc" data-people="cc" value=""' in page


def test_who_joins_while_a_draft_is_written_is_offered(cast: Cast, ticket: Ticket, ana: Client) -> None:
    ana.post("/tickets/1/drafts/email/", {"to": CARLA, "text": "Soon", "key": str(uuid.uuid4())})
    with company(cast.dealer.id):
        desk.receive(ticket, cc=[["Jon", JON]])
        join(ticket, {"cc": [Mailbox("Jon", JON)]})
    assert "Joined the conversation:" in ana.get("/tickets/1/").content.decode()


def test_one_message_is_answered_by_its_own_people_and_the_text_stays(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    copied(cast, ticket)
    ana.post("/tickets/1/drafts/email/", {"to": CARLA, "text": "Soon", "key": str(uuid.uuid4())})
    with company(cast.dealer.id):
        first = ticket.activities.filter(message__cc__contains=[["Jon", JON]]).get().pk
    alone = ana.get(f"/tickets/1/addressing/?reply_to={first}&only_author=1").json()
    everyone = ana.get(f"/tickets/1/addressing/?reply_to={first}").json()
    assert (alone["cc"], JON in everyone["cc"]) == ("", True)
    page = ana.get(f"/tickets/1/?channel=email&reply_to={first}").content.decode()
    assert JON in page and ">Soon</textarea>" in page


def test_a_mail_to_somebody_unknown_is_asked_about_and_then_sent_as_it_was_meant(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    form = {"to": CARLA, "cc": "eve@evil.example", "text": "Soon", "key": str(uuid.uuid4()), "then": "close"}
    asked = ana.post("/tickets/1/replies/", form, headers={"HX-Request": "true"})
    assert asked.status_code == 409 and "eve@evil.example is new here" in asked.content.decode()
    assert sent_to(cast) == []
    del form["then"]
    assert 'name="sure" value="1 close"' in asked.content.decode()
    sent = ana.post("/tickets/1/replies/", {**form, "sure": "1 close"}, headers={"HX-Request": "true"})
    assert sent.status_code == 201 and sent_to(cast) == [CARLA, "eve@evil.example"]
    with company(cast.dealer.id):
        assert Ticket.objects.get().is_closed
        assert Participant.objects.filter(address="eve@evil.example").exists()


def test_somebody_who_joined_and_is_no_contact_can_be_made_one(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    with company(cast.dealer.id):
        desk.receive(ticket, name="Jon Tahko", address=JON)
    page = ana.get("/tickets/1/").content.decode()
    assert "/contacts/new/?name=Jon+Tahko&amp;email=jon%40workshop.example" in page
    assert page.count("to the contacts") == 1  # Carla is one

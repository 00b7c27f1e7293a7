"""Accept and decline on the card of an invitation."""

from __future__ import annotations

from django.test import Client

from emailhub import mail, store
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Activity, Ticket
from tests.cast import Cast
from tests.mail.test_invitation_replies import ASKED

from . import desk
from .conftest import SignIn


def invite(ticket: Ticket, content: bytes = ASKED) -> Activity:
    activity = desk.receive(ticket, "Visit us")
    desk.attach(activity, "invite.ics", content, "text/calendar")
    return activity


def test_an_answer_goes_to_who_invited_and_is_shown_on_the_card(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        url = f"/tickets/1/invitations/{invite(ticket).pk}/"
    assert f'action="{url}"' in ana.get("/tickets/1/").content.decode()
    assert ana.post(url, {"answer": "ACCEPTED"}).status_code == 302
    with company(cast.dealer.id):
        sent = OutgoingMessage.objects.get()
        assert [row.address for row in sent.recipients.all()] == ["carla@farm.example"]
        read = mail.parse(store.get(cast.dealer.pk, sent.content_key))
    assert read.subject == 'Accepted: Visit, with "Søren"'
    assert [file.content_type for file in read.attachments] == ["text/calendar"]
    page = ana.get("/tickets/1/").content.decode()
    assert "Accepted · Ana" in page and "Accepted: Visit" in page
    ana.post(url, {"answer": "DECLINED"})  # minds change
    assert "Declined · Ana" in ana.get("/tickets/1/").content.decode()


def test_what_invites_somebody_else_or_cancels_has_no_buttons(
    ana: Client, cast: Cast, ticket: Ticket, sign_in: SignIn
) -> None:
    with company(cast.dealer.id):
        for content in (
            ASKED.replace(b"service.dealer@inbox", b"bob@elsewhere"),
            ASKED.replace(b"METHOD:REQUEST", b"METHOD:CANCEL"),
        ):
            url = f"/tickets/1/invitations/{invite(ticket, content).pk}/"
            ana.post(url, {"answer": "ACCEPTED"})
        assert not OutgoingMessage.objects.exists()
    assert "/invitations/" not in ana.get("/tickets/1/").content.decode()
    with company(cast.dealer.id):
        asked = f"/tickets/1/invitations/{invite(ticket).pk}/"
    assert ana.post(asked, {"answer": "SOMETIMES"}).status_code == 400
    assert asked not in sign_in(cast.vera).get("/tickets/1/").content.decode()

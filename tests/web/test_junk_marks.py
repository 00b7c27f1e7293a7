"""Junk on a ticket's page, blocked senders and forwards on the team's, held mail on a contact's."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Ticket
from emailhub.hub.identity import set_known_contacts_only
from emailhub.hub.models import BlockedSender, ForwardingConfirmation
from emailhub.intake.models import ReceivedMessage
from tests.cast import CARLA, MALLORY, Cast
from tests.letters import letter
from tests.post import receive


def test_junk_closes_the_ticket_and_blocks_and_undo_takes_both_back(ana: Client, cast: Cast) -> None:
    receive(cast.dealer.id, letter(MALLORY))
    assert "Mark as junk" in ana.get("/tickets/1/").content.decode()
    page = ana.post("/tickets/1/junk/", {"block": "sender"}, follow=True).content.decode()
    assert "Marked as junk and closed" in page
    assert 'action="/tickets/1/junk/"' in page
    with company(cast.dealer.id):
        assert Ticket.objects.get(number=1).is_closed
        assert BlockedSender.objects.get().value == MALLORY
    ana.post("/tickets/1/junk/", {"_method": "DELETE"})
    with company(cast.dealer.id):
        assert not Ticket.objects.get(number=1).is_closed
        assert not BlockedSender.objects.exists()


def test_the_team_s_page_lists_blocked_senders_and_unblocks_them(ana: Client, cast: Cast) -> None:
    receive(cast.dealer.id, letter(MALLORY))
    ana.post("/tickets/1/junk/", {"block": "domain"})
    with company(cast.dealer.id):
        row = BlockedSender.objects.get()
    hub = f"/manage/teams/{cast.service.id}/emailhub/"
    assert "evil.example" in ana.get(hub).content.decode()
    page = ana.post(f"{hub}blocked/{row.pk}/", follow=True).content.decode()
    assert "evil.example may write again" in page
    with company(cast.dealer.id):
        assert not BlockedSender.objects.exists()


def test_a_forward_s_question_stands_with_its_code_until_it_is_taken_off(ana: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        asked = ForwardingConfirmation.objects.create(
            company=cast.dealer,
            team=cast.service,
            provider="Gmail",
            address="desk@dealer.example",
            code="814022",
            link="https://mail.example/confirm",
            received_at=timezone.now(),
        )
    hub = f"/manage/teams/{cast.service.id}/emailhub/"
    page = ana.get(hub).content.decode()
    assert "814022" in page
    assert 'href="https://mail.example/confirm" target="_blank" rel="noopener noreferrer"' in page
    assert "814022" not in ana.post(f"{hub}confirmations/{asked.pk}/", follow=True).content.decode()


def test_a_contact_s_page_offers_to_let_in_what_is_held_from_them(ana: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        set_known_contacts_only(cast.service, True, by=cast.ana, now=timezone.now())
    receive(cast.dealer.id, letter(MALLORY, subject="Held"))
    with company(cast.dealer.id):
        contact = create_contact(cast.dealer, name="Mallory", address=MALLORY, confirmed_at=timezone.now())
    page = ana.get(f"/contacts/{contact.pk}/").content.decode()
    assert "1 email of this contact is held" in page
    after = ana.post(f"/contacts/{contact.pk}/release/", follow=True).content.decode()
    assert "1 email is let in" in after
    assert "is held" not in after
    with company(cast.dealer.id):
        assert ReceivedMessage.objects.get().outcome == "ticket"
    assert "is held" not in ana.get(f"/contacts/{cast.carla.pk}/").content.decode(), CARLA

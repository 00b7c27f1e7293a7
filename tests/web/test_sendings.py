"""/sendings/140/: a mail that did not arrive is sent again by hand; one that has not left is taken back."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.desk.answer import Answer
from emailhub.desk.models import Activity
from emailhub.desk.reply import reply
from emailhub.mail import Mailbox
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import filed


@pytest.fixture
def sent(cast: Cast) -> Activity:
    with company(cast.dealer.id):
        ticket = filed(cast.dealer.id, letter(CARLA)).ticket
        answer = Answer(to=(Mailbox("", CARLA),), subject="Re: pump", html="<p>Today</p>", key=uuid.uuid4())
        return reply(ticket, answer, by=cast.ana, now=timezone.now())


def refuse(cast: Cast) -> None:
    with company(cast.dealer.id):
        OutgoingMessage.objects.update(state="failed", attempts=1)
        OutgoingRecipient.objects.update(state="failed", status="5.1.1", diagnostic="No such user")


def state(cast: Cast) -> str:
    with company(cast.dealer.id):
        return OutgoingMessage.objects.get().state


def test_a_failed_mail_offers_to_be_sent_again_and_is(cast: Cast, sent: Activity, client: Client) -> None:
    refuse(cast)
    client.force_login(cast.ana.user)
    page = client.get("/tickets/1/").content.decode()
    assert "No such user" in page
    assert f'action="/sendings/{sent.pk}/"' in page
    client.post(f"/sendings/{sent.pk}/")
    assert state(cast) == "queued"


def test_a_mail_on_its_way_offers_nothing(cast: Cast, sent: Activity, client: Client) -> None:
    client.force_login(cast.ana.user)
    assert f'action="/sendings/{sent.pk}/"' not in client.get("/tickets/1/").content.decode()


def test_who_only_reads_sees_no_button_and_is_refused(cast: Cast, sent: Activity, client: Client) -> None:
    refuse(cast)
    client.force_login(cast.vera.user)
    assert f'action="/sendings/{sent.pk}/"' not in client.get("/tickets/1/").content.decode()
    assert client.post(f"/sendings/{sent.pk}/").status_code == 403
    assert client.delete(f"/sendings/{sent.pk}/").status_code == 403
    assert state(cast) == "failed"


@pytest.mark.parametrize("name", ["pat", "frank"])
def test_for_others_it_does_not_exist(cast: Cast, sent: Activity, client: Client, name: str) -> None:
    refuse(cast)
    client.force_login(getattr(cast, name).user)
    assert client.post(f"/sendings/{sent.pk}/").status_code == 404
    assert client.delete(f"/sendings/{sent.pk}/").status_code == 404
    assert state(cast) == "failed"


def test_taking_back_answers_with_the_ticket_or_that_it_is_too_late(
    cast: Cast, sent: Activity, client: Client
) -> None:
    client.force_login(cast.ana.user)
    with company(cast.dealer.id):
        OutgoingMessage.objects.update(attempts=1)
    assert client.delete(f"/sendings/{sent.pk}/").status_code == 409
    with company(cast.dealer.id):
        OutgoingMessage.objects.update(attempts=0)
    answer = client.delete(f"/sendings/{sent.pk}/", headers={"HX-Request": "true"})
    assert answer.json()["url"].startswith("/tickets/1/")
    assert state(cast) == "cancelled"

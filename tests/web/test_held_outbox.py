"""After a restore every page says that nothing leaves, until the operator has released it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.hold import RESTORED
from emailhub.delivery.models import OutboxHold, OutgoingMessage
from emailhub.desk.models import Ticket
from tests.cast import Cast
from tests.web import desk
from tests.web.conftest import SignIn

HELD = "Outgoing email is held"


@pytest.fixture
def held(cast: Cast) -> None:
    taken_at = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    OutboxHold.objects.create(taken_at=taken_at, restored_at=timezone.now())


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("name", ["ana", "vera", "olga", "frank"])
def test_everybody_is_told_on_every_page(name: str, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(getattr(cast, name))
    for url in ("/tickets/", "/profile/"):
        page = client.get(url, follow=True).content.decode()
        assert HELD in page
        assert "back-up of Nov. 23, 2026, 11:30 p.m." in page  # in the advisor's time zone


def test_nobody_is_told_otherwise(cast: Cast, sign_in: SignIn) -> None:
    assert HELD not in sign_in(cast.ana).get("/tickets/").content.decode()


def test_a_mail_that_waited_at_the_back_up_says_why_it_is_not_sent(
    cast: Cast, sign_in: SignIn, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        activity = desk.send(
            ticket,
            cast.ana,
            state=OutgoingMessage.State.UNCERTAIN,
            results={"carla@customer.example": "uncertain"},
        )
        OutgoingMessage.objects.filter(pk=activity.message.outgoing_id).update(last_error=RESTORED)
    page = sign_in(cast.ana).get("/tickets/1/").content.decode()
    assert "This email may have been sent" in page
    assert "It waited when the back-up was taken" in page
    assert "The connection broke" not in page

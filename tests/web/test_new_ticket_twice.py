"""The form of a new ticket that is sent twice, by a double click or a browser's second try."""

from __future__ import annotations

import uuid

from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Ticket
from tests.cast import CARLA, Cast


def test_the_form_of_a_new_ticket_sent_twice_opens_one_ticket(ana: Client, cast: Cast) -> None:
    form = {"to": CARLA, "subject": "Your pump", "text": "It has come.", "key": str(uuid.uuid4())}
    places = [ana.post("/tickets/new/", form).headers["Location"] for _ in range(2)]
    assert places == ["/tickets/1/", "/tickets/1/"]
    with company(cast.dealer.id):
        assert Ticket.objects.count() == 1
        assert OutgoingMessage.objects.count() == 1

"""A new ticket is opened for the team that was chosen, or for none."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from emailhub.accounts.models import Membership
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Contact, Ticket
from tests.cast import CARLA, Cast


def form(team: object, to: str = CARLA) -> dict[str, str]:
    return {"to": to, "subject": "Pump", "text": "It has come.", "key": str(uuid.uuid4()), "team": str(team)}


@pytest.mark.parametrize("fragment", ["true", ""])
def test_a_team_that_one_has_left_is_refused_and_nothing_is_stored(
    cast: Cast, ana: Client, fragment: str
) -> None:
    written = form(cast.parts.pk, "new@customer.example")
    answer = ana.post("/tickets/new/", written, headers={"HX-Request": fragment})
    assert answer.status_code == 422
    assert "You cannot write for this team any more" in answer.content.decode()
    with company(cast.dealer.id):
        assert not Ticket.objects.exists()
        assert not Contact.objects.filter(emails__address="new@customer.example").exists()


def test_the_chosen_one_of_several_teams_opens_the_ticket(cast: Cast, ana: Client) -> None:
    with company(cast.dealer.id):
        Membership.objects.create(company=cast.dealer, advisor=cast.ana, team=cast.parts)
    ana.post("/tickets/new/", form(cast.parts.pk))
    with company(cast.dealer.id):
        assert Ticket.objects.get().team == cast.parts

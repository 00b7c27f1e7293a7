"""The addresses that teams are given."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from emailhub.accounts.models import Team
from emailhub.accounts.tenancy import company
from emailhub.hub.addresses import generate_address
from emailhub.hub.models import HubAddress, Identity
from emailhub.mail import is_sendable
from tests.cast import Cast
from tests.locks import wait_until_somebody_waits


@pytest.mark.parametrize("length", [20, 61, 62, 63, 64, 100])
def test_a_team_with_a_long_name_gets_addresses_that_every_server_takes(inside: Cast, length: int) -> None:
    team = Team.objects.create(company=inside.dealer, name="a" * length)
    addresses = [generate_address(team).address for _ in range(2)]
    assert len(set(addresses)) == 2
    assert all(is_sendable(address) for address in addresses), addresses


def test_two_at_once_for_a_team_without_a_sender_get_two_addresses(committed_cast: Cast) -> None:
    with company(committed_cast.dealer.id):
        team = Team.objects.create(company=committed_cast.dealer, name="Sales")
        Identity.objects.create(company=committed_cast.dealer, team=team)

    def second() -> None:
        try:
            with company(committed_cast.dealer.id):
                generate_address(team)
        finally:
            connection.close()

    beside = threading.Thread(target=second, daemon=True)
    with company(committed_cast.dealer.id):
        generate_address(team)
        beside.start()
        wait_until_somebody_waits()
    beside.join(timeout=20)
    assert not beside.is_alive()
    with company(committed_cast.dealer.id):
        given = HubAddress.objects.filter(team=team).order_by("id").values_list("address", "is_sender")
        assert list(given) == [
            ("sales.dealer@inbox.example", True),
            ("sales.dealer-2@inbox.example", False),
        ]

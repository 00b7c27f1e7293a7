"""The addresses that teams are given."""

from __future__ import annotations

import pytest

from emailhub.accounts.models import Team
from emailhub.hub.addresses import generate_address
from emailhub.mail import is_sendable
from tests.cast import Cast


@pytest.mark.parametrize("length", [20, 61, 62, 63, 64, 100])
def test_a_team_with_a_long_name_gets_addresses_that_every_server_takes(inside: Cast, length: int) -> None:
    team = Team.objects.create(company=inside.dealer, name="a" * length)
    addresses = [generate_address(team).address for _ in range(2)]
    assert len(set(addresses)) == 2
    assert all(is_sendable(address) for address in addresses), addresses

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from emailhub.accounts.models import Advisor
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from tests.cast import Cast
from tests.web import desk

SignIn = Callable[[Advisor], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser in which this advisor is signed in."""

    def signed_in(advisor: Advisor) -> Client:
        client = Client(headers={"host": "localhost"})
        client.force_login(advisor.user)
        return client

    return signed_in


@pytest.fixture
def ana(cast: Cast, sign_in: SignIn) -> Client:
    """Manager of Service."""
    return sign_in(cast.ana)


@pytest.fixture
def pat(cast: Cast, sign_in: SignIn) -> Client:
    """Of the same company, of Parts alone."""
    return sign_in(cast.pat)


@pytest.fixture
def frank(cast: Cast, sign_in: SignIn) -> Client:
    """Of another company."""
    return sign_in(cast.frank)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A ticket of Service with one mail of Carla's. Its number is 1."""
    with company(cast.dealer.id):
        made = desk.open_ticket(cast.service, cast.carla)
        desk.receive(made)
        return made

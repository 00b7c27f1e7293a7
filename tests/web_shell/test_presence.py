"""Who is on a ticket: told to those who may see it, kept nowhere."""

from __future__ import annotations

import pytest
from django.test import Client

from emailhub.accounts.tenancy import company
from tests.cast import Cast
from tests.web import desk

from .conftest import Cookie
from .test_live import Listen, after_resync, listen, tell

__all__ = ["listen"]  # a fixture


def signed_in(cast: Cast, name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(getattr(cast, name).user)
    return client


def test_who_may_see_the_ticket_hears_who_is_on_it_and_nobody_else_does(
    listen: Listen, cookie: Cookie, committed_cast: Cast
) -> None:
    cast = committed_cast
    with company(cast.dealer.id):
        ticket = desk.open_ticket(cast.service, cast.carla)
    vera, pat, frank = (listen(cookie(one)) for one in (cast.vera, cast.pat, cast.frank))
    assert signed_in(cast, "ben").post("/tickets/1/presence/", {"doing": "answering"}).status_code == 204
    heard = after_resync(vera)
    assert heard == {
        "company": cast.dealer.pk,
        "team": cast.service.pk,
        "ticket": ticket.pk,
        "kind": "presence",
        "id": cast.ben.pk,
        "who": "Ben",
        "doing": "answering",
    }
    tell(cast, 3, team="parts")
    tell(cast, 2, team="office")
    for stream, expected in ((pat, 3), (frank, 2)):  # the first that they hear is their own
        event = after_resync(stream)
        assert event and event["ticket"] == expected


@pytest.mark.parametrize("doing", ["", "sleeping"])
def test_nothing_else_can_be_told(doing: str, committed_cast: Cast) -> None:
    with company(committed_cast.dealer.id):
        desk.open_ticket(committed_cast.service, committed_cast.carla)
    answer = signed_in(committed_cast, "ben").post("/tickets/1/presence/", {"doing": doing})
    assert answer.status_code == 400

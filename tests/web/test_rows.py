"""Rows of a list that an open page asks for, several at once."""

from __future__ import annotations

import pytest
from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from tests.cast import Cast

from . import desk


def test_the_rows_that_are_asked_for_come_together(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        second = desk.open_ticket(cast.service, cast.carla, subject="The belt squeaks")
        desk.open_ticket(cast.service, cast.carla, subject="Not asked for")
    page = ana.get(f"/tickets/rows/?view=open&id={ticket.pk}&id={second.pk}").content.decode()
    assert f'id="row-{ticket.pk}"' in page
    assert f'id="row-{second.pk}"' in page
    assert "Not asked for" not in page


def test_what_has_left_the_list_is_left_out(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        gone = desk.open_ticket(cast.service, cast.carla)
        gone.close(by=cast.ana, now=gone.created_at)
    page = ana.get(f"/tickets/rows/?view=open&id={gone.pk}&id={ticket.pk}").content.decode()
    assert f'id="row-{ticket.pk}"' in page
    assert f'id="row-{gone.pk}"' not in page


@pytest.mark.parametrize("query", ["", "id=", "id=x", "id=-1", "id=0", "id=99999999999999999999999"])
def test_an_id_that_is_none_finds_nothing(ana: Client, ticket: Ticket, query: str) -> None:
    assert ana.get(f"/tickets/rows/?view=open&{query}").status_code == 204

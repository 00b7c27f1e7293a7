"""What the two pages of every day ask of the database. Each question is a wait on a busy server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from tests.cast import Cast
from tests.web import desk
from tests.web.conftest import SignIn

DOOR = 9
"""Session, user, savepoint, company set, advisor, teams, what stands still; company back, savepoint."""


def questions(client: Client, url: str) -> list[str]:
    """What a page asks when it is opened for the second time: the first marks the ticket as seen."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


def fill(cast: Cast, ticket: Ticket, times: int) -> None:
    with company(cast.dealer.id):
        for number in range(times):
            activity = desk.receive(ticket, f"Mail {number}", at=timezone.now() - timedelta(minutes=50))
            desk.attach(activity, "a.pdf", b"a", "application/pdf")
            desk.send(ticket, cast.ana)
            desk.receive(desk.open_ticket(cast.service, cast.carla, f"Matter {number}", assignee=cast.ben))


@pytest.mark.parametrize(("name", "own"), [("ben", 4), ("vera", 3), ("ana", 5), ("olga", 5)])
def test_a_list_asks_for_its_rows_and_its_numbers(
    name: str, own: int, cast: Cast, sign_in: SignIn, ticket: Ticket
) -> None:
    """And for the tags. Who may decide hears how much mail is held, who is answerable of quarantined mail."""
    fill(cast, ticket, 30)
    assert len(questions(sign_in(getattr(cast, name)), "/tickets/")) <= own + DOOR


@pytest.mark.parametrize("query", ["", "?tab=contact", "?tab=details", "?tab=files"])
def test_a_ticket_asks_at_most_twelve_questions(
    query: str, cast: Cast, sign_in: SignIn, ticket: Ticket
) -> None:
    """List, numbers, tags, held mail, ticket, advisors, related tickets, timeline, drafts, messages,
    addresses, our numbers for chat."""
    fill(cast, ticket, 1)
    with company(cast.dealer.id):
        ticket.assign(cast.ben, by=None, now=timezone.now())
    assert len(questions(sign_in(cast.ben), f"/tickets/1/{query}")) <= 12 + DOOR


def test_to_read_a_ticket_asks_at_most_six(cast: Cast, sign_in: SignIn, ticket: Ticket) -> None:
    fill(cast, ticket, 1)
    assert len(questions(sign_in(cast.vera), "/tickets/1/")) <= 6 + DOOR


def test_a_long_ticket_and_a_long_list_ask_no_more_than_short_ones(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    fill(cast, ticket, 1)
    short = [len(questions(ana, url)) for url in ("/tickets/", "/tickets/1/")]
    fill(cast, ticket, 12)
    assert [len(questions(ana, url)) for url in ("/tickets/", "/tickets/1/")] == short


def test_whoever_comes_back_is_not_asked_for_their_company_again(ana: Client, cast: Cast) -> None:
    assert not any("companies_of" in sql for sql in questions(ana, "/tickets/"))
    assert ana.session["company_id"] == cast.dealer.pk


def test_a_company_that_one_has_left_is_left_at_once(ana: Client, cast: Cast, ticket: Ticket) -> None:
    assert ana.get("/tickets/1/").status_code == 200
    with company(cast.dealer.id):
        type(cast.ana).objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert ana.get("/tickets/1/").status_code == 302
    ana.force_login(cast.ana.user)
    assert ana.get("/tickets/1/").status_code == 403

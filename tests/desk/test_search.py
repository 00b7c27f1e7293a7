"""Tickets by what was written in them."""

from __future__ import annotations

import pytest
from django.db import connection

from emailhub.accounts.models import Advisor
from emailhub.accounts.tenancy import company
from emailhub.desk.search import search
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.post import filed


def subjects(advisor: Advisor, words: str) -> list[str]:
    return [ticket.subject for ticket in search(advisor, words).tickets]


@pytest.fixture
def written(inside: Cast) -> Cast:
    for sender, subject, text, to in (
        (JON, "First", "The pump léaks oil.", inside.service_address),
        (CARLA, "Second", "Oil for the pump, please.", inside.service_address),
        (CARLA, "Third", "The pump of the other team.", inside.parts_address),
    ):
        filed(inside.dealer.id, letter(sender, subject=subject, text=text), to)
    return inside


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("pump", ["Second", "First"]),
        ("PUMP leaks", ["First"]),
        ('"oil for"', ["Second"]),
        ("pump -leaks", ["Second"]),
        ("pum", []),
    ],
)
def test_words_find_the_tickets_that_one_may_read_newest_first(
    written: Cast, words: str, found: list[str]
) -> None:
    assert subjects(written.ben, words) == found


def test_who_reads_all_teams_finds_in_all(written: Cast) -> None:
    assert subjects(written.olga, "pump") == ["Third", "Second", "First"]


def test_of_many_hits_the_newest_are_taken(written: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT activity_id, ticket_id FROM search_activities(%s, %s, 'pump', 2)",
            [written.dealer.id, [written.service.id, written.parts.id]],
        )
        found = cursor.fetchall()
        cursor.execute("SELECT id, ticket_id FROM desk_activity WHERE text LIKE '%pump%' ORDER BY id DESC")
        assert found == cursor.fetchall()[:2]


def test_what_another_company_wrote_is_not_found(cast: Cast) -> None:
    filed(cast.farm.id, letter(CARLA, text="Our pump."), cast.office_address)
    question = "SELECT * FROM search_activities(%s, %s, 'pump', 9)"
    with company(cast.farm.id), connection.cursor() as cursor:
        assert len(search(cast.frank, "pump").tickets) == 1
        cursor.execute(question, [cast.farm.id, [cast.office.id]])
        assert len(cursor.fetchall()) == 1
    with company(cast.dealer.id), connection.cursor() as cursor:
        cursor.execute(question, [cast.farm.id, [cast.office.id]])
        assert cursor.fetchall() == []
        assert search(cast.olga, "pump").tickets == []

"""The list of tickets: what it shows, to whom, and how it goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from emailhub.desk.seen import mark_seen
from tests.cast import Cast

from . import desk
from .conftest import SignIn


def test_the_home_page_is_the_list(ana: Client) -> None:
    assert ana.get("/").headers["Location"] == "/tickets/"


def test_a_row_says_who_what_and_the_last_line(ana: Client, ticket: Ticket) -> None:
    page = ana.get("/tickets/").content.decode()
    assert "Carla Ruiz" in page
    assert "The pump leaks" in page
    assert "It drips since Monday." in page
    assert f'href="/tickets/{ticket.number}/?view=open"' in page


def test_an_advisor_of_another_team_does_not_see_it(pat: Client, ticket: Ticket) -> None:
    assert "The pump leaks" not in pat.get("/tickets/?view=open").content.decode()


def test_a_member_of_another_company_does_not_see_it(frank: Client, ticket: Ticket) -> None:
    assert "The pump leaks" not in frank.get("/tickets/?view=open").content.decode()


def test_asking_for_another_teams_list_shows_nothing_of_it(pat: Client, cast: Cast, ticket: Ticket) -> None:
    assert "The pump leaks" not in pat.get(f"/tickets/?view=open&team={cast.service.pk}").content.decode()


@pytest.mark.parametrize(
    "query", ["view=nonsense", "team=nonsense", "team=9" * 20, "after=nonsense", "after=_"]
)
def test_a_mistyped_address_shows_a_list_all_the_same(ana: Client, ticket: Ticket, query: str) -> None:
    assert ana.get(f"/tickets/?{query}").status_code == 200


def test_each_view_shows_its_own(ana: Client, cast: Cast) -> None:
    now = timezone.now()
    with company(cast.dealer.id):
        desk.open_ticket(cast.service, cast.carla, "Mine to do", assignee=cast.ana)
        desk.open_ticket(cast.service, cast.carla, "Nobody has it")
        desk.open_ticket(cast.service, cast.carla, "Waits", assignee=cast.ben).wait(by=cast.ben, now=now)
        desk.open_ticket(cast.service, cast.carla, "Done with", assignee=cast.ben).close(by=cast.ben, now=now)
    subjects = ("Mine to do", "Nobody has it", "Waits", "Done with")
    shown = {
        view: [s for s in subjects if s in ana.get(f"/tickets/?view={view}").content.decode()]
        for view in ("mine", "unassigned", "open", "waiting", "closed", "all")
    }
    assert shown == {
        "mine": ["Mine to do"],
        "unassigned": ["Nobody has it"],
        "open": ["Mine to do", "Nobody has it"],
        "waiting": ["Waits"],
        "closed": ["Done with"],
        "all": list(subjects),
    }


def test_unanswered_leaves_only_those_who_wait_for_us(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        desk.open_ticket(cast.service, cast.carla, "Opened by hand")
    page = ana.get("/tickets/?view=open&unanswered=1").content.decode()
    assert "The pump leaks" in page
    assert "Opened by hand" not in page


def test_a_new_mail_is_unread_until_it_is_seen(ana: Client, cast: Cast, ticket: Ticket) -> None:
    assert "row unread" in ana.get("/tickets/").content.decode()
    with company(cast.dealer.id):
        mark_seen(Ticket.objects.get(pk=ticket.pk), cast.ana)
    assert "row unread" not in ana.get("/tickets/").content.decode()


def test_the_row_says_how_long_the_customer_waits(ana: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        made = desk.open_ticket(cast.service, cast.carla, assignee=cast.ana)
        desk.receive(made, at=timezone.now() - timedelta(minutes=18))
    assert "waits 18 min" in ana.get("/tickets/").content.decode()


def test_the_last_line_names_its_author_unless_it_is_the_customer(
    ana: Client, cast: Cast, sign_in: SignIn
) -> None:
    with company(cast.dealer.id):
        made = desk.open_ticket(cast.service, cast.carla, assignee=cast.ana)
        desk.send(made, cast.ana, "On my way.")
    assert "You: On my way." in ana.get("/tickets/").content.decode()
    assert "Ana: On my way." in sign_in(cast.ben).get("/tickets/").content.decode()


def test_older_tickets_are_on_the_next_page_and_none_twice(ana: Client, cast: Cast) -> None:
    now = timezone.now()
    with company(cast.dealer.id):
        for number in range(1, 46):
            desk.open_ticket(
                cast.service, cast.carla, f"Matter {number:02}", now=now - timedelta(minutes=number)
            )
    first = ana.get("/tickets/").context["page"]
    second = ana.get("/tickets/", {"view": "open", "after": first.next}).context["page"]
    assert [t.number for t in first.rows] + [t.number for t in second.rows] == list(range(1, 46))
    assert second.next == ""


def test_who_waits_longest_comes_first_on_demand(ana: Client, cast: Cast) -> None:
    now = timezone.now()
    with company(cast.dealer.id):
        for number in range(1, 46):
            made = desk.open_ticket(cast.service, cast.carla, f"Matter {number:02}")
            desk.receive(made, at=now - timedelta(minutes=number))
        desk.open_ticket(cast.service, cast.carla, "Waits for nothing")
    first = ana.get("/tickets/?order=waiting").context["page"]
    second = ana.get("/tickets/", {"order": "waiting", "after": first.next}).context["page"]
    assert [t.number for t in first.rows] + [t.number for t in second.rows] == list(range(45, 0, -1))
    assert second.next == ""
    assert len(ana.get("/tickets/?order=waiting&after=nonsense").context["page"].rows) == 40


def test_what_a_mail_says_is_never_markup(ana: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        made = desk.open_ticket(cast.service, cast.carla, "<script>alert(1)</script>")
        desk.receive(made, "<img src=x onerror=alert(2)>", name="<b>Eve</b>")
    page = ana.get("/tickets/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "<b>Eve</b>" not in page


@pytest.mark.parametrize("view", ["mine", "unassigned", "open", "waiting", "closed"])
def test_an_empty_list_teaches_the_next_step(ana: Client, view: str) -> None:
    assert '<div class="empty">' in ana.get(f"/tickets/?view={view}").content.decode()


def test_an_empty_filter_says_that_all_is_answered(ana: Client) -> None:
    page = ana.get("/tickets/?view=mine&unanswered=1").content.decode()
    assert "No customer waits for an answer here." in page
    assert "Nothing is assigned to you" not in page


class TestRow:
    def test_is_the_row_of_the_list(self, ana: Client, ticket: Ticket) -> None:
        answer = ana.get(f"/tickets/rows/?view=open&id={ticket.pk}")
        assert answer.content.decode().startswith(f'<li id="row-{ticket.pk}"')

    def test_is_nothing_when_the_ticket_left_the_view(self, ana: Client, ticket: Ticket) -> None:
        assert ana.get(f"/tickets/rows/?view=closed&id={ticket.pk}").status_code == 204

    def test_is_nothing_for_another_team_and_company(
        self, pat: Client, frank: Client, ticket: Ticket
    ) -> None:
        assert pat.get(f"/tickets/rows/?view=open&id={ticket.pk}").status_code == 204
        assert frank.get(f"/tickets/rows/?view=open&id={ticket.pk}").status_code == 204

    def test_is_nothing_without_an_id(self, ana: Client) -> None:
        assert ana.get("/tickets/rows/?view=open").status_code == 204


class TestRail:
    def test_counts_each_view_and_team(self, ana: Client, cast: Cast, ticket: Ticket) -> None:
        with company(cast.dealer.id):
            desk.open_ticket(cast.service, cast.carla, assignee=cast.ana).wait(by=None, now=timezone.now())
        rail = ana.get("/rail/").context["rail"]
        assert {place.query: place.count for place in rail.views} == {
            "view=mine": 1,
            "view=unassigned": 1,
            "view=open": 1,
            "view=waiting": 1,
            "view=snoozed": 0,
            "view=closed": None,
            "view=all": None,
        }
        assert [(place.label, place.count) for place in rail.teams] == [("Parts", 0), ("Service", 2)]

    def test_shows_all_tickets_only_to_those_who_read_more_than_their_own(
        self, cast: Cast, sign_in: SignIn
    ) -> None:
        def has_all(advisor: object) -> bool:
            rail = sign_in(advisor).get("/rail/").context["rail"]  # type: ignore[arg-type]
            return any(place.query == "view=all" for place in rail.views)

        assert has_all(cast.olga)
        assert has_all(cast.ana)  # a manager, in a company that lets managers read all teams
        assert not has_all(cast.ben)

    def test_marks_where_the_reader_is(self, ana: Client, cast: Cast) -> None:
        rail = ana.get(f"/rail/?view=open&team={cast.parts.pk}").context["rail"]
        assert [place.label for place in (*rail.views, *rail.teams) if place.is_current] == ["Parts"]

"""Closing, waiting, assigning, moving, naming: who may, and what it does."""

from __future__ import annotations

import pytest
from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Activity, Ticket
from tests.cast import Cast

from . import desk
from .conftest import SignIn

RESOURCES = ["closure", "waiting", "assignment", "team", "subject", "summary"]


def fresh(cast: Cast, ticket: Ticket) -> Ticket:
    with company(cast.dealer.id):
        return Ticket.objects.select_related("assignee__user", "team").get(pk=ticket.pk)


def kinds(cast: Cast, ticket: Ticket) -> list[str]:
    with company(cast.dealer.id):
        return list(ticket.activities.order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize("resource", RESOURCES)
def test_other_teams_and_companies_find_nothing_to_change(
    pat: Client, frank: Client, cast: Cast, ticket: Ticket, resource: str
) -> None:
    before = kinds(cast, ticket)
    assert pat.post(f"/tickets/1/{resource}/").status_code == 404
    assert frank.post(f"/tickets/1/{resource}/").status_code == 404
    assert kinds(cast, ticket) == before


@pytest.mark.parametrize("resource", RESOURCES)
def test_view_only_advisors_are_refused_with_a_sentence(
    cast: Cast, sign_in: SignIn, ticket: Ticket, resource: str
) -> None:
    before = kinds(cast, ticket)
    answer = sign_in(cast.vera).post(f"/tickets/1/{resource}/")
    assert answer.status_code == 403
    assert "You may read this team&#x27;s tickets, but not work on them." in answer.content.decode()
    assert kinds(cast, ticket) == before


def test_a_manager_who_reads_all_teams_works_only_on_the_own(cast: Cast, sign_in: SignIn) -> None:
    with company(cast.dealer.id):
        desk.open_ticket(cast.parts, cast.carla)
    client = sign_in(cast.ana)
    assert client.get("/tickets/1/").status_code == 200
    assert client.post("/tickets/1/closure/").status_code == 403


@pytest.mark.parametrize("resource", RESOURCES)
def test_looking_never_changes(ana: Client, ticket: Ticket, resource: str) -> None:
    assert ana.get(f"/tickets/1/{resource}/").status_code == 405


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_form_without_its_token_changes_nothing(cast: Cast, ticket: Ticket, resource: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(cast.ana.user)
    before = kinds(cast, ticket)
    assert client.post(f"/tickets/1/{resource}/").status_code == 403
    assert kinds(cast, ticket) == before


def test_close_and_undo(ana: Client, cast: Cast, ticket: Ticket) -> None:
    answer = ana.post("/tickets/1/closure/?view=mine")
    assert answer.headers["Location"] == "/tickets/1/?view=mine"
    assert fresh(cast, ticket).status == "closed"
    page = ana.get("/tickets/1/?view=mine").content.decode()
    assert "Ticket closed" in page
    ana.post("/tickets/1/closure/", {"_method": "DELETE"})
    assert fresh(cast, ticket).status == "open"
    assert kinds(cast, ticket)[-2:] == [Activity.Kind.CLOSED, Activity.Kind.REOPENED]


def test_delete_reopens_as_the_form_does(ana: Client, cast: Cast, ticket: Ticket) -> None:
    ana.post("/tickets/1/closure/")
    ana.delete("/tickets/1/closure/")
    assert fresh(cast, ticket).status == "open"


def test_closing_twice_is_closing_once(ana: Client, cast: Cast, ticket: Ticket) -> None:
    ana.post("/tickets/1/closure/")
    ana.post("/tickets/1/closure/")
    assert kinds(cast, ticket).count(Activity.Kind.CLOSED) == 1


def test_wait_and_take_up_again(ana: Client, cast: Cast, ticket: Ticket) -> None:
    ana.post("/tickets/1/waiting/")
    assert fresh(cast, ticket).status == "waiting"
    ana.post("/tickets/1/waiting/", {"_method": "DELETE"})
    assert fresh(cast, ticket).status == "open"


def test_assign_to_a_colleague_and_to_nobody(ana: Client, cast: Cast, ticket: Ticket) -> None:
    ana.post("/tickets/1/assignment/", {"advisor": cast.ben.pk})
    assert fresh(cast, ticket).assignee == cast.ben
    ana.post("/tickets/1/assignment/", {"advisor": ""})
    assert fresh(cast, ticket).assignee is None


def test_an_administrator_outside_the_team_can_take_it(cast: Cast, sign_in: SignIn, ticket: Ticket) -> None:
    sign_in(cast.olga).post("/tickets/1/assignment/", {"advisor": cast.olga.pk})
    assert fresh(cast, ticket).assignee == cast.olga


@pytest.mark.parametrize("name", ["vera", "pat", "frank"])
def test_nobody_gets_a_ticket_that_they_could_not_work_on(
    ana: Client, cast: Cast, ticket: Ticket, name: str
) -> None:
    answer = ana.post("/tickets/1/assignment/", {"advisor": getattr(cast, name).pk})
    assert answer.status_code == 404
    assert fresh(cast, ticket).assignee is None


def test_move_to_a_team_that_one_reads_stays_on_the_ticket(ana: Client, cast: Cast, ticket: Ticket) -> None:
    answer = ana.post("/tickets/1/team/", {"team": cast.parts.pk})
    assert answer.headers["Location"].startswith("/tickets/1/")
    assert fresh(cast, ticket).team == cast.parts


def test_move_to_another_team_goes_back_to_the_list(cast: Cast, sign_in: SignIn, ticket: Ticket) -> None:
    client = sign_in(cast.ben)
    answer = client.post("/tickets/1/team/", {"team": cast.parts.pk})
    assert answer.headers["Location"] == "/tickets/"
    assert "Moved to Parts" in client.get("/tickets/").content.decode()
    assert client.get("/tickets/1/").status_code == 404


@pytest.mark.parametrize("team", ["", "nonsense", "0"])
def test_a_team_that_does_not_exist_is_not_found(ana: Client, ticket: Ticket, team: str) -> None:
    assert ana.post("/tickets/1/team/", {"team": team}).status_code == 404


def test_a_team_of_another_company_is_not_found(ana: Client, cast: Cast, ticket: Ticket) -> None:
    assert ana.post("/tickets/1/team/", {"team": cast.office.pk}).status_code == 404


def test_rename_and_describe(ana: Client, cast: Cast, ticket: Ticket) -> None:
    ana.post("/tickets/1/subject/", {"subject": "  The seal\r\nleaks "})
    ana.post("/tickets/1/summary/", {"summary": "Seal 84-2217"})
    changed = fresh(cast, ticket)
    assert (changed.subject, changed.problem_summary) == ("The seal leaks", "Seal 84-2217")

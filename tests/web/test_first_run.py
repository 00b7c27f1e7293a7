"""The first company, made in the browser by who knows the code that the server prints."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from emailhub.accounts.first_run import first_run_code, is_first_run_code
from emailhub.accounts.models import Advisor, AuditEntry, Company, Team, User
from emailhub.accounts.tenancy import company
from emailhub.hub.found_company import Founding, NotFirstError, found_company
from emailhub.hub.models import HubAddress
from tests.cast import Cast

FORM = {
    "company": "Maquinaria Ñandú",
    "team": "Soporte técnico",
    "time_zone": "Europe/Madrid",
    "name": "Lucía",
    "email": "Lucia@nandu.example",
    "password": "cosechadora azul de 1987",
}


@pytest.fixture
def browser(db: None) -> Client:
    return Client(headers={"host": "localhost"})


def test_while_there_is_no_company_the_door_leads_to_the_first_run(browser: Client) -> None:
    assert browser.get("/", follow=True).redirect_chain[-1] == ("/first-run/", 302)


def test_the_code_makes_company_administrator_team_and_address_and_signs_in(browser: Client) -> None:
    answer = browser.post("/first-run/", {**FORM, "code": f" {first_run_code().upper()} "})
    assert (answer.status_code, answer["Location"]) == (302, "/manage/start/")
    firm = Company.objects.get()
    assert (firm.name, firm.slug) == ("Maquinaria Ñandú", "maquinaria-nandu")
    with company(firm.id):
        advisor = Advisor.objects.select_related("user").get()
        assert (advisor.role, advisor.user.email) == ("admin", "lucia@nandu.example")
        address = HubAddress.objects.get()
        assert address.address == "soporte-tecnico.maquinaria-nandu@inbox.example"
        assert address.is_sender
        assert set(AuditEntry.objects.values_list("kind", flat=True)) == {"company", "team"}
    page = browser.get("/manage/start/")
    assert page.status_code == 200
    assert b"soporte-tecnico.maquinaria-nandu@" in page.content


@pytest.mark.parametrize("code", ["", "aaaa-bbbb-cccc-dddd", "\x00", "x" * 10_000])
def test_without_the_code_a_stranger_gets_nothing(browser: Client, code: str) -> None:
    answer = browser.post("/first-run/", {**FORM, "code": code})
    assert answer.status_code == 422
    assert not Company.objects.exists()
    assert not User.objects.exists()


def test_the_code_is_another_one_in_another_installation(settings: object) -> None:
    before = first_run_code()
    settings.SECRET_KEY = "x" * 40  # type: ignore[attr-defined]
    assert first_run_code() != before
    assert not is_first_run_code(before)


@pytest.mark.parametrize(
    ("field", "value"),
    [("password", "12345678"), ("password", "lucia@nandu.example"), ("email", "nobody"), ("company", "日本")],
)
def test_a_field_that_cannot_be_used_stands_with_its_error(browser: Client, field: str, value: str) -> None:
    answer = browser.post("/first-run/", {**FORM, "code": first_run_code(), field: value})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Company.objects.exists()


def test_once_there_is_a_company_the_code_opens_nothing(cast: Cast, browser: Client) -> None:
    for answer in (
        browser.get("/first-run/"),
        browser.post("/first-run/", {**FORM, "code": first_run_code()}),
    ):
        assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    assert Company.objects.count() == 2
    assert not Team.objects.exists()  # outside of a company none is visible, and none was made


def test_of_two_who_have_the_code_at_once_one_makes_the_company(committed_db: None) -> None:
    outcomes: list[str] = []

    def make(number: int) -> None:
        founding = Founding(
            name=f"Company {number}",
            team="Support",
            admin_email=f"admin{number}@x.example",
            admin_name="",
            password=FORM["password"],
        )
        try:
            found_company(founding, now=timezone.now(), must_be_first=True)
            outcomes.append("made")
        except NotFirstError:
            outcomes.append("too late")
        finally:
            connection.close()

    racers = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    assert sorted(outcomes) == ["made", "too late", "too late", "too late"]
    assert Company.objects.count() == User.objects.count() == 1

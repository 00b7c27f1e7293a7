"""The way of the invited: from the link in the mail to the tickets."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from emailhub.accounts.advisors import end_work
from emailhub.accounts.invitations import invite
from emailhub.accounts.models import Advisor, Role, User
from emailhub.accounts.tenancy import company
from tests.cast import Cast
from tests.web.conftest import SignIn

PASSWORD = "cosechadora azul de 1987"


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost"})


def link_for(cast: Cast, email: str, role: Role = Role.ADVISOR) -> str:
    """Olga invites into Service; the path in the mail."""
    with company(cast.dealer.id):
        teams = {cast.service.pk: False}
        invite(email, name="", role=role, teams=teams, by=cast.olga, now=timezone.now())
    found = re.search(r"/invitations/[\w-]+/", mail.outbox[-1].body)
    assert found
    return found[0]


def test_a_new_person_chooses_a_password_and_is_at_the_tickets(cast: Cast, browser: Client) -> None:
    page = browser.get(link_for(cast, "nora@x.example"), follow=True)
    assert page.redirect_chain == [("/invitations/acceptance/", 302)]  # the token is in no address any more
    assert "Dealer Group" in page.content.decode()
    weak = browser.post("/invitations/acceptance/", {"name": "Nora", "password": "12345678"})
    assert weak.status_code == 422
    answer = browser.post("/invitations/acceptance/", {"name": "Nora", "password": PASSWORD})
    assert answer["Location"] == "/tickets/"
    assert "Nora" in browser.get("/tickets/").content.decode()
    assert User.objects.get(email="nora@x.example").check_password(PASSWORD)


def test_a_used_link_shows_why_and_lets_nobody_in(cast: Cast, browser: Client) -> None:
    link = link_for(cast, "nora@x.example")
    browser.get(link)
    browser.post("/invitations/acceptance/", {"name": "Nora", "password": PASSWORD})
    other = Client(headers={"host": "localhost"})
    assert other.get(link, follow=True).status_code == 410
    assert other.post("/invitations/acceptance/", {"name": "X", "password": PASSWORD}).status_code == 410
    assert User.objects.filter(email="nora@x.example").count() == 1


@pytest.mark.parametrize("token", ["null", "0", "acceptanc", "%00", "x" * 3000])
def test_a_guessed_link_shows_the_same(cast: Cast, browser: Client, token: str) -> None:
    assert browser.get(f"/invitations/{token}/", follow=True).status_code == 410


def test_who_has_a_log_in_signs_in_first_and_then_joins(cast: Cast, browser: Client, sign_in: SignIn) -> None:
    link = link_for(cast, cast.frank.user.email)
    page = browser.get(link, follow=True).content.decode()
    assert "/account/login/?next=/invitations/acceptance/" in page
    assert 'name="password"' not in page
    frank = sign_in(cast.frank)
    frank.get(link)
    assert frank.post("/invitations/acceptance/").status_code == 302
    assert "Dealer Group" in frank.get("/tickets/").content.decode()  # the company that was joined


def test_somebody_else_who_is_signed_in_cannot_use_it(cast: Cast, sign_in: SignIn) -> None:
    ben = sign_in(cast.ben)
    page = ben.get(link_for(cast, cast.frank.user.email), follow=True)
    assert page.status_code == 200
    assert cast.frank.user.email in page.content.decode()
    assert ben.post("/invitations/acceptance/").status_code == 410


def test_who_worked_here_before_is_let_in_again_with_a_session_of_its_own(
    cast: Cast, sign_in: SignIn
) -> None:
    with company(cast.dealer.id):
        end_work(cast.ben, by=cast.olga, now=timezone.now())
    ben = sign_in(cast.ben)
    assert ben.get("/tickets/").status_code == 403
    ben.get(link_for(cast, cast.ben.user.email))
    assert ben.post("/invitations/acceptance/")["Location"] == "/tickets/"
    assert ben.get("/tickets/").status_code == 200
    with company(cast.dealer.id):
        assert Advisor.objects.get(pk=cast.ben.pk).is_active

"""A second factor: setting it up, signing in with it, losing it, and a company that demands one."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from emailhub.accounts.models import Advisor, AuditEntry
from emailhub.accounts.permissions import NotPermittedError
from emailhub.accounts.second_factor import WorksElsewhereError, demand, take_away
from emailhub.accounts.tenancy import company
from emailhub.web.shell.access import access_of
from tests.cast import PASSWORD, Cast
from tests.conftest import as_owner

from .codes import SECRET, code, confirm, give_app, secret_on, wrong_code
from .conftest import SignIn

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ANA = {"login": "ana@dealer.example", "password": PASSWORD}
"""Ana's e-mail and password."""


@pytest.fixture
def browser(db: None) -> Client:
    return Client(headers={"host": "localhost"})


def demanded(cast: Cast) -> None:
    with company(cast.dealer.id):
        demand(cast.dealer, True, by=cast.olga, now=NOW)


def set_up_app(client: Client) -> str:
    """Set the app up by its pages. Returns its secret."""
    confirm(client)
    secret = secret_on(client.get("/account/second-factor/app/on/").content.decode())
    answer = client.post("/account/second-factor/app/on/", {"code": code(secret)})
    assert answer.headers["Location"] == "/account/second-factor/codes/"
    return secret


def test_an_app_is_set_up_and_asked_for_from_then_on(
    committed_cast: Cast, sign_in: SignIn, mailoutbox: list[EmailMessage]
) -> None:
    secret = set_up_app(sign_in(committed_cast.ana))
    browser = Client(headers={"host": "localhost"})
    assert [mail.to for mail in mailoutbox] == [["ana@dealer.example"]]
    assert browser.post("/account/login/", ANA).headers["Location"] == "/account/second-factor/code/"
    assert browser.get("/tickets/").status_code == 302
    answer = browser.post("/account/second-factor/code/", {"code": code(secret, steps=1)})
    assert answer.headers["Location"] == "/"
    assert browser.get("/tickets/").status_code == 200


def test_the_page_shows_the_code_as_a_picture_and_as_text(cast: Cast, ana: Client) -> None:
    confirm(ana)
    page = ana.get("/account/second-factor/app/on/").content.decode()
    assert re.search(r"<svg [^>]*><path", page)
    assert "<?xml" not in page
    assert secret_on(page)


def test_to_set_one_up_the_password_is_asked_for_again(cast: Cast, ana: Client) -> None:
    answer = ana.get("/account/second-factor/app/on/")
    assert answer.headers["Location"].startswith("/account/reauthenticate/")


def test_a_wrong_code_sets_nothing_up(cast: Cast, ana: Client) -> None:
    confirm(ana)
    secret = secret_on(ana.get("/account/second-factor/app/on/").content.decode())
    page = ana.post("/account/second-factor/app/on/", {"code": wrong_code(secret)}).content.decode()
    assert 'aria-invalid="true"' in page
    assert not Authenticator.objects.exists()


def test_a_new_factor_signs_out_everywhere_else(committed_cast: Cast, sign_in: SignIn) -> None:
    ana, elsewhere = sign_in(committed_cast.ana), sign_in(committed_cast.ana)
    before = ana.cookies["emailhub_session"].value
    set_up_app(ana)
    assert elsewhere.get("/tickets/").status_code == 302
    assert ana.get("/tickets/").status_code == 200
    assert ana.cookies["emailhub_session"].value != before


def test_a_code_works_once(cast: Cast, browser: Client) -> None:
    give_app(cast.ana.user)
    once = code()
    browser.post("/account/login/", ANA)
    assert browser.post("/account/second-factor/code/", {"code": once}).status_code == 302
    thief = Client(headers={"host": "localhost"})
    thief.post("/account/login/", ANA)
    assert thief.post("/account/second-factor/code/", {"code": once}).status_code == 200


def test_a_recovery_code_signs_in_once(cast: Cast, ana: Client, browser: Client) -> None:
    set_up_app(ana)
    page = ana.get("/account/second-factor/codes/").content.decode()
    codes = re.findall(r"<li><code>(\d{8})</code>", page)
    assert len(codes) == 10
    for expected in (302, 200):
        client = Client(headers={"host": "localhost"})
        client.post("/account/login/", ANA)
        assert client.post("/account/second-factor/code/", {"code": codes[0]}).status_code == expected
    assert codes[0] not in ana.get("/account/second-factor/codes/download/").content.decode()


def test_new_recovery_codes_make_the_old_ones_void(cast: Cast, ana: Client) -> None:
    set_up_app(ana)
    old = ana.get("/account/second-factor/codes/download/").content
    ana.post("/account/second-factor/codes/new/")
    new = ana.get("/account/second-factor/codes/download/").content
    assert set(re.findall(rb"\d{8}", old)).isdisjoint(re.findall(rb"\d{8}", new))


def test_the_app_is_switched_off_and_its_owner_hears_of_it(
    cast: Cast, ana: Client, mailoutbox: list[EmailMessage]
) -> None:
    set_up_app(ana)
    ana.post("/account/second-factor/app/off/")
    assert not Authenticator.objects.exists()
    assert "Codes of your authenticator app are no longer asked for" in str(mailoutbox[-1].body)


def test_the_database_holds_no_secret_of_a_second_factor(committed_cast: Cast) -> None:
    give_app(committed_cast.ana.user)
    with as_owner() as owner:
        (row,) = owner.execute("SELECT a::text FROM mfa_authenticator a").fetchall()
    assert SECRET not in str(row)


def test_with_another_secret_key_no_code_fits(
    cast: Cast, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Least of all the one of an empty secret, which everybody can compute."""
    give_app(cast.ana.user)
    browser.post("/account/login/", ANA)
    monkeypatch.setattr(settings, "SECRET_KEY", "another" * 8)
    for secret in (SECRET, ""):
        client = Client(headers={"host": "localhost"})
        client.post("/account/login/", ANA)
        assert client.post("/account/second-factor/code/", {"code": code(secret)}).status_code == 200


class TestDemand:
    def test_who_has_none_is_led_to_set_one_up_before_anything_else(self, cast: Cast, ana: Client) -> None:
        demanded(cast)
        for path in ("/tickets/", "/profile/", "/search/", "/rail/"):
            assert ana.get(path).headers["Location"] == "/account/second-factor/"
        page = ana.get("/account/second-factor/").content.decode()
        assert "Your company demands a second factor" in page
        set_up_app(ana)
        assert ana.get("/tickets/").status_code == 200

    def test_a_script_is_led_there_too(self, cast: Cast, ana: Client) -> None:
        demanded(cast)
        answer = ana.get("/rail/", headers={"hx-request": "true"})
        assert answer.headers["HX-Redirect"] == "/account/second-factor/"

    def test_no_form_is_taken_before(self, cast: Cast, ana: Client) -> None:
        demanded(cast)
        ana.post("/profile/", {"name": "Other", "language": "en", "time_zone": "Europe/Madrid"})
        cast.ana.user.refresh_from_db()
        assert cast.ana.user.name == "Ana"

    def test_no_stream_is_opened_before(self, committed_cast: Cast, sign_in: SignIn) -> None:
        cookie = f"emailhub_session={sign_in(committed_cast.ana).cookies['emailhub_session'].value}"
        assert access_of(cookie)
        demanded(committed_cast)
        assert access_of(cookie) is None

    def test_another_company_is_not_asked(self, cast: Cast, sign_in: SignIn) -> None:
        demanded(cast)
        assert sign_in(cast.frank).get("/tickets/").status_code == 200

    def test_only_an_administrator_demands(self, cast: Cast) -> None:
        with company(cast.dealer.id), pytest.raises(NotPermittedError):
            demand(cast.dealer, True, by=cast.ana, now=NOW)
        cast.dealer.refresh_from_db()
        assert not cast.dealer.second_factor_demanded

    def test_its_page_demands_it_and_the_audit_says_who(self, cast: Cast, sign_in: SignIn) -> None:
        olga = sign_in(cast.olga)
        olga.post("/manage/sign-in/", {"demanded": "on"})
        cast.dealer.refresh_from_db()
        assert cast.dealer.second_factor_demanded
        assert olga.get("/manage/sign-in/").headers["Location"] == "/account/second-factor/"
        give_app(cast.olga.user)
        olga.post("/manage/sign-in/")
        cast.dealer.refresh_from_db()
        assert not cast.dealer.second_factor_demanded
        with company(cast.dealer.id):
            changes = [entry.changes["second_factor_demanded"] for entry in AuditEntry.objects.order_by("id")]
        assert changes == [[False, True], [True, False]]


class TestLost:
    def test_the_page_says_who_has_one_and_takes_it_away(self, cast: Cast, sign_in: SignIn) -> None:
        give_app(cast.ana.user)
        olga = sign_in(cast.olga)
        page = olga.get("/manage/sign-in/").content.decode()
        assert page.count("/second-factor/") == 1
        olga.post(f"/manage/advisors/{cast.ana.pk}/second-factor/", {"_method": "DELETE"})
        assert not Authenticator.objects.exists()
        assert olga.delete(f"/manage/advisors/{cast.frank.pk}/second-factor/").status_code == 404

    def test_an_administrator_takes_away_what_was_lost(
        self, cast: Cast, ana: Client, browser: Client
    ) -> None:
        give_app(cast.ana.user)
        with company(cast.dealer.id):
            take_away(cast.ana, by=cast.olga, now=NOW)
        assert browser.post("/account/login/", ANA).headers["Location"] == "/"
        assert ana.get("/tickets/").status_code == 302

    def test_not_from_somebody_who_works_elsewhere_too(self, cast: Cast) -> None:
        give_app(cast.ana.user)
        with company(cast.farm.id):
            Advisor.objects.create(company=cast.farm, user=cast.ana.user)
        with company(cast.dealer.id), pytest.raises(WorksElsewhereError):
            take_away(cast.ana, by=cast.olga, now=NOW)
        assert Authenticator.objects.exists()

"""Sign-in and what is closed without it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

from emailhub.accounts.models import User
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingRecipient
from emailhub.desk.models import Ticket
from emailhub.web.urls import urlpatterns
from emailhub.web.views import closures
from tests.cast import PASSWORD, Cast

from .conftest import SignIn

ARGUMENTS = {
    IntConverter: 1,
    StringConverter: "x",
    SlugConverter: "x",
    UUIDConverter: "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
}
OPEN = {
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_logout",
    "account_confirm_email",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "language",
    "first_run",
    "invitation",
    "invitation_acceptance",
    "text_media",  # by a signed link, for the gateway
    "linked_file",  # by a signed link, for the customer
}


@pytest.fixture
def browser(cast: Cast) -> Client:
    """A stranger's. There are companies: without one the door would lead to the first run."""
    return Client(headers={"host": "localhost"})


@pytest.mark.parametrize(
    "pattern", [p for p in urlpatterns if isinstance(p, URLPattern)], ids=lambda p: p.name
)
def test_every_page_is_closed_unless_it_is_of_the_door(browser: Client, pattern: URLPattern) -> None:
    arguments = {name: ARGUMENTS[type(one)] for name, one in pattern.pattern.converters.items()}
    arguments |= {name: "x" for name in pattern.pattern.regex.groupindex if name not in arguments}
    answer = browser.get(reverse(pattern.name, kwargs=arguments))
    sent_to_door = answer.status_code == 302 and answer.headers["Location"].startswith(
        "/account/login/?next="
    )
    assert sent_to_door == (pattern.name not in OPEN)


@pytest.mark.parametrize(
    "pattern", [p for p in urlpatterns if isinstance(p, URLPattern)], ids=lambda p: p.name
)
def test_no_form_is_taken_without_its_token(pattern: URLPattern) -> None:
    """But for a customer's download, which belongs to no session and changes nothing of anybody."""
    assert getattr(pattern.callback, "csrf_exempt", False) == (pattern.name == "linked_file")


def test_sign_in_and_out(browser: Client, cast: Cast) -> None:
    answer = browser.post("/account/login/", {"login": "ana@dealer.example", "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    assert browser.get("/tickets/").status_code == 200
    browser.post("/account/logout/")
    assert browser.get("/tickets/").status_code == 302


def test_a_wrong_password_says_so_and_keeps_the_address(browser: Client, cast: Cast) -> None:
    page = browser.post("/account/login/", {"login": "ana@dealer.example", "password": "no"}).content.decode()
    assert 'role="alert"' in page
    assert 'value="ana@dealer.example"' in page


def test_nobody_signs_up(browser: Client) -> None:
    browser.post(
        "/account/signup/", {"email": "eve@evil.example", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not User.objects.filter(email="eve@evil.example").exists()
    assert "Nobody signs up" in browser.get("/account/signup/").content.decode()


def test_the_door_says_the_same_whether_or_not_the_address_exists(browser: Client, cast: Cast) -> None:
    answers = [
        browser.post("/account/password/reset/", {"email": email}).headers["Location"]
        for email in ("ana@dealer.example", "nobody@dealer.example")
    ]
    assert answers == ["/account/password/reset/done/"] * 2


def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail(
    browser: Client, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    browser.post("/account/password/reset/", {"email": "ana@dealer.example"})
    (link,) = re.findall(r"http://[^/\s]+(/account/password/reset/key/\S+)", str(mailoutbox[0].body))
    page = browser.get(link, follow=True)
    assert "New password" in page.content.decode()
    new = "another horse, another battery"
    done = browser.post(page.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
    assert "The password is set" in done.content.decode()
    assert (
        browser.post("/account/login/", {"login": "ana@dealer.example", "password": new}).status_code == 302
    )
    again = Client(headers={"host": "localhost"}).get(link, follow=True)
    assert "This link was used already" in again.content.decode()


def test_the_link_works_for_an_hour(
    browser: Client, cast: Cast, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/account/password/reset/", {"email": "ana@dealer.example"})
    (link,) = re.findall(r"http://[^/\s]+(/account/password/reset/key/\S+)", str(mailoutbox[0].body))
    later = datetime.now() + timedelta(minutes=61)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert "it is too old" in browser.get(link, follow=True).content.decode()


def test_the_link_leads_to_our_own_address_whatever_the_browser_says(
    browser: Client, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    browser.post("/account/password/reset/", {"email": "ana@dealer.example"}, headers={"host": "127.0.0.1"})
    assert f"{django_settings.URL}/account/password/reset/key/" in str(mailoutbox[0].body)


def test_nobody_can_have_mail_sent_to_strangers(
    browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "EMAIL_BACKEND", "emailhub.delivery.backend.OutboxBackend")
    browser.post("/account/password/reset/", {"email": "stranger@elsewhere.example"})
    browser.post("/account/password/reset/", {"email": "ana@dealer.example"})
    with company(cast.dealer.id):
        assert [one.address for one in OutgoingRecipient.objects.all()] == ["ana@dealer.example"]


def test_the_password_is_changed_with_the_old_one(cast: Cast, sign_in: SignIn) -> None:
    client, new = sign_in(cast.ana), "another horse, another battery"
    refused = client.post(
        "/account/password/change/", {"oldpassword": "no", "password1": new, "password2": new}
    ).content.decode()
    assert 'aria-invalid="true"' in refused
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert User.objects.get(pk=cast.ana.user_id).check_password(new)


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "inactive/", "password/reset/", "password/reset/done/", "password/reset/key/done/"],
)
def test_every_page_of_the_door_has_its_look(browser: Client, path: str) -> None:
    page = browser.get(f"/account/{path}").content.decode()
    assert 'class="door-card"' in page
    assert 'action="/language/"' in page


def test_a_user_of_no_company_is_told_so(browser: Client) -> None:
    browser.force_login(User.objects.create_user("eva@nowhere.example", PASSWORD, name="Eva"))
    answer = browser.get("/tickets/")
    assert answer.status_code == 403
    assert "eva@nowhere.example" in answer.content.decode()


def test_an_advisor_who_left_is_out_at_once(browser: Client, cast: Cast) -> None:
    browser.force_login(cast.ben.user)
    with company(cast.dealer.id):
        cast.ben.is_active = False
        cast.ben.save()
    assert browser.get("/tickets/").headers["Location"] == "/account/login/?next=/tickets/"
    browser.force_login(cast.ben.user)
    assert browser.get("/tickets/").status_code == 403


class TestLanguage:
    def test_the_door_speaks_the_browsers_language(self, browser: Client) -> None:
        page = browser.get("/account/login/", headers={"accept-language": "es-CO,es;q=0.9"}).content.decode()
        assert '<html lang="es">' in page
        assert "Contraseña" in page

    def test_the_choice_at_the_door_is_remembered(self, browser: Client) -> None:
        answer = browser.post("/language/", {"language": "es", "next": "/account/login/"})
        assert answer.headers["Location"] == "/account/login/"
        assert "Contraseña" in browser.get("/account/login/").content.decode()

    def test_a_language_that_we_do_not_speak_is_not_remembered(self, browser: Client) -> None:
        assert not browser.post("/language/", {"language": "xx"}).cookies

    @pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
    def test_the_choice_leads_nowhere_else(self, browser: Client, where: str) -> None:
        answer = browser.post("/language/", {"language": "es", "next": where})
        assert answer.headers["Location"] == "/"


class TestPolicy:
    @pytest.mark.parametrize("path", ["/account/login/", "/nowhere/", "/tickets/"])
    def test_every_answer_has_one(self, browser: Client, path: str) -> None:
        policy = browser.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]

    def test_pages_of_failures_say_what_to_do(self, ana: Client) -> None:
        answer = ana.get("/nowhere/")
        assert answer.status_code == 404
        assert "Back to your tickets" in answer.content.decode()

    def test_a_failure_of_ours_has_a_page_and_keeps_nothing(
        self, cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(closures, "back_to_ticket", fail)
        client = Client(raise_request_exception=False, headers={"host": "localhost"})
        client.force_login(cast.ana.user)
        answer = client.post("/tickets/1/closure/")
        assert answer.status_code == 500
        assert "Something of ours failed" in answer.content.decode()
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        with company(cast.dealer.id):
            assert not Ticket.objects.get(pk=ticket.pk).is_closed

    def test_an_old_form_says_that_nothing_was_changed(self, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
        answer = client.post("/account/login/", {"login": "ana@dealer.example", "password": PASSWORD})
        assert answer.status_code == 403
        assert "This page was too old" in answer.content.decode()

"""W5: whom a provider's word lets in, and whom no header and no word lets in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from emailhub.accounts.models import User
from emailhub.accounts.tenancy import company
from tests.cast import Cast

from .codes import code, give_app
from .provider import IdentityProvider, identity_provider

ANA = {"sub": "ana-at-the-provider", "email": "ana@dealer.example", "email_verified": True}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    with identity_provider() as running:
        configure(monkeypatch, running.app())
        yield running


def configure(monkeypatch: pytest.MonkeyPatch, app: dict[str, Any]) -> None:
    known = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", known)


@pytest.fixture
def browser(db: None) -> Client:
    return Client(headers={"host": "localhost"})


def leave(browser: Client, **form: str) -> dict[str, list[str]]:
    """Press the button at the door. Returns what the provider is asked."""
    page = browser.post("/account/with/oidc/", form)
    assert page.status_code == 200
    return parse_qs(urlsplit(page.headers["Refresh"].split("url=")[1]).query)


def come_back(browser: Client, **changed: str) -> HttpResponse:
    state = leave(browser)["state"][0]
    answer: HttpResponse = browser.get(
        "/account/with/oidc/callback/", {"code": "c", "state": state, **changed}
    )
    return answer


def without_tokens(body: bytes) -> bytes:
    return b"\n".join(line for line in body.splitlines() if b"csrf" not in line)


def is_in(browser: Client) -> bool:
    return browser.get("/tickets/").status_code == 200


def test_an_advisor_with_a_verified_email_gets_in(
    cast: Cast, browser: Client, provider: IdentityProvider
) -> None:
    provider.claims = ANA
    assert come_back(browser).headers["Location"] == "/"
    assert is_in(browser)
    assert User.objects.count() == 6


def test_the_door_has_a_button_for_it(cast: Cast, browser: Client, provider: IdentityProvider) -> None:
    page = browser.get("/account/login/").content.decode()
    assert "Continue with Provider" in page
    assert 'action="/account/with/oidc/"' in page


def test_the_provider_is_asked_with_a_state_and_a_challenge(
    cast: Cast, browser: Client, provider: IdentityProvider
) -> None:
    asked = leave(browser)
    assert len(asked["state"][0]) >= 16
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://localhost/account/with/oidc/callback/"]


NOT_VERIFIED: list[object] = [False, None, "", "false", 0, [True]]


@pytest.mark.parametrize("verified", NOT_VERIFIED)
def test_an_email_that_the_provider_has_not_verified_opens_nothing(
    cast: Cast, browser: Client, provider: IdentityProvider, verified: object
) -> None:
    provider.claims = {**ANA, "email_verified": verified}
    assert come_back(browser).status_code == 403
    assert not is_in(browser)
    assert not SocialAccount.objects.exists()


def test_strangers_are_told_the_same_and_get_no_account(
    cast: Cast, browser: Client, provider: IdentityProvider
) -> None:
    provider.claims = {**ANA, "email_verified": False}
    known = without_tokens(come_back(browser).content)
    provider.claims = {"sub": "eve", "email": "eve@evil.example", "email_verified": True}
    stranger = come_back(browser)
    assert stranger.status_code == 403
    assert without_tokens(stranger.content) == known
    assert not User.objects.filter(email="eve@evil.example").exists()


def test_who_has_left_the_company_stays_out(cast: Cast, browser: Client, provider: IdentityProvider) -> None:
    provider.claims = ANA
    come_back(browser)
    with company(cast.dealer.id):
        type(cast.ana).objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert come_back(browser).status_code == 403


def test_from_the_second_time_on_the_providers_id_counts_and_no_email(
    cast: Cast, browser: Client, provider: IdentityProvider
) -> None:
    provider.claims = ANA
    come_back(browser)
    provider.claims = {"sub": "ana-at-the-provider", "email": "frank@farm.example", "email_verified": True}
    come_back(Client(headers={"host": "localhost"}))
    assert [account.user for account in SocialAccount.objects.all()] == [cast.ana.user]
    provider.claims = {**ANA, "sub": "somebody-else", "email_verified": False}
    assert come_back(Client(headers={"host": "localhost"})).status_code == 403


def test_the_same_id_at_another_issuer_is_another_person(
    cast: Cast, browser: Client, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.claims = ANA
    come_back(browser)
    with identity_provider() as other:
        configure(monkeypatch, other.app())
        other.claims = {"sub": ANA["sub"], "email": "eve@evil.example", "email_verified": True}
        assert come_back(Client(headers={"host": "localhost"})).status_code == 403


@pytest.mark.parametrize(
    "token", [{"iss": "https://evil.example"}, {"aud": "another-app"}, {"exp": 1}, {"sub": "another-person"}]
)
def test_a_token_that_is_not_for_us_or_not_of_the_provider_opens_nothing(
    cast: Cast, browser: Client, provider: IdentityProvider, token: dict[str, Any]
) -> None:
    provider.claims, provider.token_only = ANA, token
    assert "The sign-in did not work" in come_back(browser).content.decode()
    assert not is_in(browser)


def test_an_answer_that_nobody_here_asked_for_opens_nothing(
    cast: Cast, browser: Client, provider: IdentityProvider
) -> None:
    provider.claims = ANA
    state = leave(Client(headers={"host": "localhost"}))["state"][0]
    answer = browser.get("/account/with/oidc/callback/", {"code": "c", "state": state})
    assert "The sign-in did not work" in answer.content.decode()
    assert "/token" not in provider.asked


def test_an_answer_counts_once(cast: Cast, browser: Client, provider: IdentityProvider) -> None:
    provider.claims = ANA
    state = leave(browser)["state"][0]
    for expected in (302, 401):
        answer = browser.get("/account/with/oidc/callback/", {"code": "c", "state": state})
        assert answer.status_code == expected


def test_nobody_connects_an_account_of_the_provider_by_hand(
    cast: Cast, browser: Client, provider: IdentityProvider
) -> None:
    browser.force_login(cast.ben.user)
    provider.claims = ANA
    state = leave(browser, process="connect")["state"][0]
    assert browser.get("/account/with/oidc/callback/", {"code": "c", "state": state}).status_code == 403
    assert not SocialAccount.objects.exists()


def test_the_second_factor_is_asked_for_after_the_provider(
    cast: Cast, browser: Client, provider: IdentityProvider
) -> None:
    give_app(cast.ana.user)
    provider.claims = ANA
    assert come_back(browser).headers["Location"] == "/account/second-factor/code/"
    assert not is_in(browser)
    browser.post("/account/second-factor/code/", {"code": code()})
    assert is_in(browser)


def test_of_microsoft_only_an_email_whose_domain_the_tenant_owns_counts(
    cast: Cast, browser: Client, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its `email` may be anything that somebody typed, and `email_verified` is none of its claims."""
    configure(monkeypatch, provider.app(verified_claim="xms_edov", fetch_userinfo=False))
    provider.claims = ANA
    assert come_back(browser).status_code == 403
    provider.claims = {**ANA, "xms_edov": "1"}
    assert come_back(browser).headers["Location"] == "/"
    assert "/userinfo" not in provider.asked


def test_a_provider_that_is_not_configured_does_not_exist(cast: Cast, browser: Client) -> None:
    assert browser.post("/account/with/oidc/").status_code == 404
    assert browser.get("/account/with/oidc/callback/").status_code == 404


@pytest.mark.parametrize(
    "header", ["X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Auth-Request-Email", "X-WEBAUTH-USER"]
)
def test_no_header_signs_anybody_in(cast: Cast, browser: Client, header: str) -> None:
    answer = browser.get(
        "/tickets/", headers={header: "ana@dealer.example"}, REMOTE_USER="ana@dealer.example"
    )
    assert answer.status_code == 302

"""A company demands a second factor: from the notice to the app, a passkey, and signing in with each."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import ScryptPasswordHasher
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from emailhub.accounts.models import User
from emailhub.accounts.second_factor import demand
from emailhub.accounts.tenancy import company
from tests.cast import PASSWORD, Cast
from tests.web.codes import code

from .browser import PATIENCE_MS
from .product import Product

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def let_the_product_check(user: User) -> None:
    """Store the password as the product does; the tests' own hash is a quick one, which it would not take."""
    user.password = ScryptPasswordHasher().encode(PASSWORD, "salt")
    user.save(update_fields=["password"])


def give_device(page: Page) -> None:
    """A device that can keep passkeys and knows its owner's finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def sign_in(page: Page) -> None:
    page.get_by_label("Email").fill("ben@dealer.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.evaluate("document.getElementById('sign-out').submit()")
    page.wait_for_url("**/account/login/**")


def test_whoever_has_none_sets_one_up_and_signs_in_with_it(
    product: Product, people: Cast, browser: Browser
) -> None:
    let_the_product_check(people.ben.user)
    with company(people.dealer.id):
        demand(people.dealer, True, by=people.olga, now=timezone.now())
    home = product.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    page = browser.new_context(locale="en-GB").new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{home}/account/login/")
    give_device(page)
    sign_in(page)
    expect(page.get_by_role("alert")).to_contain_text("Your company demands a second factor")
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    secret = page.locator("code.breakable").inner_text()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{home}/account/second-factor/passkeys/new/")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("The passkey is added")).to_be_visible()
    page.goto(f"{home}/tickets/")
    sign_out(page)
    sign_in(page)
    page.get_by_label("Code").fill(code(secret, steps=1))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/tickets/"))
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile("/tickets/"))
    page.context.close()

"""The guide: from nothing to a team whose mail comes and leaves by its mailbox, each step tried at once."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.channels.graph.send import GraphSender
from emailhub.channels.graph.visit import visit
from emailhub.delivery.deliver import deliver_due
from emailhub.delivery.models import Connection
from emailhub.desk.models import Message
from emailhub.desk.settle import settle
from emailhub.hub.models import HubAddress
from emailhub.web.microsoft.commands import commands_for, commands_for_one_more
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import drain

from .conftest import SUPPORT, TENANT
from .double import Double

ANA = "ana@dealer.example"


class Browser:
    """Somebody at the guide of a team."""

    def __init__(self, advisor: Any, team_id: int) -> None:
        self.client = Client()
        self.client.force_login(advisor.user)
        self.root = f"/manage/teams/{team_id}/emailhub/microsoft-365/"

    def look(self) -> str:
        return self.client.get(self.root).content.decode()

    def press(self, step: str, **fields: str) -> tuple[int, str]:
        response = self.client.post(f"{self.root}{step}/", fields, follow=True)
        return response.status_code, response.content.decode()

    def sign_in(self, double: Double, mode: str, user: str = ANA) -> str:
        """To Microsoft and back; what the page says then."""
        _, page = self.press("sign-in", mode=mode)
        found = re.search(r'href="(https://localhost[^"]+)"', page)
        assert found, page
        query = parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)
        back = double.login.authorize(TENANT, {name: values[0] for name, values in query.items()}, user)
        return self.come_back(urlsplit(back).query)

    def come_back(self, query: str) -> str:
        return self.client.get(f"/manage/microsoft-365/return/?{query}", follow=True).content.decode()


@pytest.fixture
def browser(committed_cast: Cast, double: Double) -> Browser:
    double.mailbox(SUPPORT, "Dealer Support")
    return Browser(committed_cast.ana, committed_cast.service.pk)


def the_connection(cast: Cast) -> Connection:
    with company(cast.dealer.id):
        return Connection.objects.get()


def test_from_nothing_to_the_first_mail_in_and_out(
    browser: Browser, committed_cast: Cast, double: Double
) -> None:
    cast = committed_cast
    double.login.consented.clear()
    assert ANA in browser.sign_in(double, "application")
    assert f"/{TENANT}/adminconsent" in browser.look()
    assert "does not let EmailHub in" in browser.press("consent")[1]
    double.login.consented.add(TENANT)
    assert "has agreed" in browser.press("consent")[1]

    assert "no such mailbox" in browser.press("mailbox", address="nobody@dealer.example")[1]
    assert "Mail comes in from now on" in browser.press("mailbox", address=SUPPORT.upper())[1]
    double.graph.mailboxes[SUPPORT].receive(letter(CARLA, SUPPORT, "First"))
    visit(the_connection(cast).pk, cast.dealer.id, now=timezone.now())
    drain()
    with company(cast.dealer.id):
        assert Message.objects.get().subject == "First"

    browser.press("test")
    deliver_due({"graph": GraphSender()}, settle)
    assert "Microsoft sent the test to" in browser.look()
    assert "Mail leaves with" in browser.press("sender")[1]
    with company(cast.dealer.id):
        row = HubAddress.objects.get(is_sender=True, team=cast.service)
    assert (row.address, row.kind) == (SUPPORT, HubAddress.Kind.MICROSOFT_365)

    visit(the_connection(cast).pk, cast.dealer.id, now=timezone.now())
    settings = browser.client.get(f"/manage/teams/{cast.service.pk}/emailhub/").content.decode()
    assert "Exchange puts the mailbox" in settings
    assert "Dealer Support" in settings  # learned from the sent copy
    name = re.search(r'<input[^>]* id="name"[^>]*>', settings)
    assert name and " disabled" in name[0]


def test_the_restriction_is_checked_with_another_mailbox(browser: Browser, double: Double) -> None:
    double.mailbox("boss@dealer.example")
    browser.sign_in(double, "application")
    browser.press("consent")
    browser.press("mailbox", address=SUPPORT)
    assert "can open other mailboxes" in browser.press("restriction", address="boss@dealer.example")[1]
    double.graph.denied.add("boss@dealer.example")
    assert "out of reach, as it should be" in browser.press("restriction", address="boss@dealer.example")[1]


def test_an_address_cannot_be_the_sender_before_a_test_was_sent(browser: Browser, double: Double) -> None:
    browser.sign_in(double, "person")
    browser.press("mailbox", address=SUPPORT)
    status, page = browser.press("sender")
    assert status == 422
    assert "cannot be the sender address yet" in page


def test_a_sign_in_that_another_browser_began_changes_nothing(
    browser: Browser, committed_cast: Cast, double: Double
) -> None:
    """Login CSRF: an attacker's code is brought to the victim's browser."""
    browser.press("sign-in", mode="person")
    page = browser.come_back("code=attackers&state=attackers")
    assert "was not begun in this browser" in page
    again = browser.come_back("code=attackers&state=attackers")  # the flow was for one use
    assert "was not begun" not in again
    with company(committed_cast.dealer.id):
        assert not Connection.objects.exists()


def test_a_tenant_of_another_company_cannot_be_connected(
    browser: Browser, committed_cast: Cast, double: Double
) -> None:
    cast = committed_cast
    other = Browser(cast.frank, cast.office.pk)
    other.sign_in(double, "application", "frank@farm.example")
    page = browser.sign_in(double, "application")
    assert "Another company uses this Microsoft 365" in page
    with company(cast.dealer.id):
        assert not Connection.objects.exists()


def test_a_mailbox_of_another_team_cannot_be_taken(
    browser: Browser, committed_cast: Cast, double: Double
) -> None:
    browser.sign_in(double, "application")
    browser.press("mailbox", address=SUPPORT)
    parts = Browser(committed_cast.olga, committed_cast.parts.pk)
    parts.sign_in(double, "application")
    status, page = parts.press("mailbox", address=SUPPORT)
    assert (status, "Another team uses" in page) == (422, True)


def test_the_commands_name_one_mailbox_and_nothing_in_it_is_run() -> None:
    commands = commands_for("app-1", "o'neil$(x)@contoso.com")
    assert "-RecipientRestrictionFilter 'PrimarySmtpAddress -eq ''o''''neil$(x)@contoso.com'''" in commands
    assert commands.count("New-ManagementRoleAssignment") == 2
    assert '"' not in commands
    one_more = commands_for_one_more("app-1", "parts@contoso.com")
    assert "New-ServicePrincipal" not in one_more and "-App 'app-1'" in one_more


def test_without_an_application_the_guide_says_what_the_operator_has_to_do(
    browser: Browser, settings: Any
) -> None:
    settings.GRAPH_CLIENT_ID = ""
    page = browser.look()
    assert "EMAILHUB_GRAPH_CLIENT_ID" in page
    assert "/manage/microsoft-365/return/" in page
    assert browser.press("sign-in", mode="person")[0] == 422

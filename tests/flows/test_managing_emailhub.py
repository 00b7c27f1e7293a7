"""A manager sets up a team, makes a rule, tries it and lets a held mail in, without a mouse."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from emailhub.accounts.models import Team
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Contact, Ticket
from emailhub.hub.identity import identity_of
from emailhub.hub.models import HubAddress, InboundRule
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.intake.models import ReceivedMessage
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import Cast
from tests.letters import letter

from .conftest import OpenDesk
from .mails import MALLORY
from .product import Product, eventually

SALES = "sales.dealer@inbox.example"
MOST_PRESSES = 150  # of keys that are not letters of a text; it takes 146, as Manage has more places now


@dataclass
class Hands:
    """A keyboard that counts: presses to get somewhere or do something, apart from the words typed."""

    page: Page
    presses: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def skip(self) -> None:
        """Past the rail, by the link that every page begins with."""
        self.press("Tab", "Enter")

    def go_to(self, wanted: Locator, *, key: str = "Tab") -> None:
        """Press Tab until it has the focus."""
        wanted.wait_for()
        for _ in range(90):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"Tab does not reach {wanted}")


def test_a_manager_sets_a_team_up_by_keyboard_alone(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    with company(people.dealer.id):
        team = Team.objects.create(company=people.dealer, name="Sales")
    page = desk_of(people.olga)
    hands = Hands(page)
    _switch_on(page, hands, team)
    _name_and_gate(page, hands)
    _make_rule(page, hands)
    _try_the_bench(page, hands)
    product.mail(letter(MALLORY, to=SALES, subject="Is the blue tractor sold?"), to=SALES)
    _release(page, hands, people)
    assert hands.presses <= MOST_PRESSES, hands.presses
    with company(people.dealer.id):
        identity = identity_of(team)
        assert identity and identity.enabled and identity.known_contacts_only
        assert identity.display_name == "{advisor} of {team}"
        assert HubAddress.objects.get(team=team).address == SALES
        ticket = Ticket.objects.get(team=team)
        assert ticket.subject == "Is the blue tractor sold?"
        assert ticket.contact.confirmed_at is not None
        assert Contact.objects.filter(emails__address="mallory@evil.example").get() == ticket.contact


def _switch_on(page: Page, hands: Hands, team: Team) -> None:
    hands.press("g", "e")
    page.wait_for_url("**/manage/**")
    hands.skip()
    hands.go_to(page.locator("[popovertarget=manage-teams]"))
    hands.press("Enter")
    expect(page.locator("#manage-teams")).to_be_visible()
    while page.evaluate("document.activeElement.textContent.trim()") != team.name:
        hands.press("ArrowDown")
    hands.press("Enter")
    page.wait_for_url(f"**/manage/teams/{team.id}/**")
    expect(page.get_by_role("button", name="Switch EmailHub on")).to_be_focused()
    hands.press("Enter")
    expect(page.locator("#addresses")).to_contain_text("Sender address")


def _name_and_gate(page: Page, hands: Hands) -> None:
    hands.skip()
    hands.go_to(page.locator("#name"))
    hands.type("{advisor} of {team}")
    expect(page.locator("#from-line")).to_contain_text("Olga of Sales")
    hands.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Display name saved")
    hands.go_to(page.locator("#known-contacts-only"))
    hands.press("Space")
    expect(page.locator("#toasts")).to_contain_text("Only known contacts open tickets")
    expect(page.locator("#known-contacts-only")).to_be_checked()


def _make_rule(page: Page, hands: Hands) -> None:
    hands.go_to(page.get_by_role("link", name="EmailHub rules"), key="Shift+Tab")
    hands.press("Enter")
    page.wait_for_url("**/rules/")
    hands.press("n")
    page.wait_for_url("**/rules/new/")
    expect(page.locator("[name=name]")).to_be_focused()
    hands.type("Newsletters")
    hands.go_to(page.locator("#values-0-next"))
    hands.type("newsletter")
    hands.press("Enter")
    expect(page.locator(".values .tag")).to_contain_text("newsletter")
    hands.go_to(page.locator("[name=action]:checked"))
    hands.press("ArrowUp", "ArrowUp")
    expect(page.locator("[name=action][value=ignore]")).to_be_checked()
    hands.go_to(page.get_by_role("button", name="What would it have done?"))
    hands.press("Enter")
    expect(page.locator("#dry-run")).to_contain_text("In the last 30 days")
    hands.go_to(page.locator(".button.primary", has_text="Save rule"), key="Shift+Tab")
    hands.press("Enter")
    expect(page.locator("#rules")).to_contain_text("Newsletters")
    expect(page.locator("#toasts")).to_contain_text("Rule saved")


def _try_the_bench(page: Page, hands: Hands) -> None:
    hands.skip()
    hands.go_to(page.get_by_role("link", name="Test bench"))
    hands.press("Enter")
    page.wait_for_url("**/bench/")
    hands.skip()
    hands.go_to(page.locator("#id_sender"))
    hands.type("ann@shop.example")
    hands.press("Tab")
    hands.type("Our NEWSLETTER for March")
    hands.press("Enter")
    expect(page.locator("#answer")).to_contain_text("Rule 1, Newsletters")
    expect(page.locator("#answer")).to_contain_text("Ignored")


def _release(page: Page, hands: Hands, people: Cast) -> None:
    def is_held() -> bool:
        with company(people.dealer.id):
            return ReceivedMessage.objects.filter(outcome="held").exists()

    eventually(is_held, wanted="the held mail")
    hands.press("Escape", "g", "h")
    page.wait_for_url("**/held/")
    hands.skip()
    hands.go_to(page.locator(".held .row a").first)
    hands.press("Enter")
    expect(page.locator("#received")).to_contain_text("Held because we do not know this person")
    hands.press("a")
    expect(page.locator("#toasts")).to_contain_text("It is on ticket #1 now.")


def test_rules_change_places_by_the_arrow_keys_and_by_dragging(people: Cast, desk_of: OpenDesk) -> None:
    with company(people.dealer.id):
        for name in ("Third", "Second", "First"):
            conditions = (Condition(Field.SUBJECT, Operator.CONTAINS, (name,)),)
            form = RuleForm(name=name, conditions=conditions, action=Action.CREATE_NEW)
            create_rule(people.service, form, by=people.ana, now=timezone.now())
    page = desk_of(people.ana, f"/manage/teams/{people.service.id}/rules/")
    names = page.locator("#rules .rule h2")
    page.get_by_role("button", name="Move “First”").focus()
    page.keyboard.press("ArrowDown")
    expect(names).to_have_text(["Second", "First", "Third"])
    expect(page.get_by_role("button", name="Move “First”")).to_be_focused()
    first = page.locator("#rules .rule").first
    page.locator("#rules [data-grip]").nth(2).drag_to(first, target_position={"x": 40, "y": 2})
    expect(names).to_have_text(["Third", "Second", "First"])
    with company(people.dealer.id):
        stored = InboundRule.objects.filter(team=people.service).order_by("position")
        assert [rule.name for rule in stored] == ["Third", "Second", "First"]

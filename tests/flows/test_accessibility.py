"""What axe says of each page, light and dark, wide and narrow: nothing serious, nothing critical."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from emailhub.accounts.invitations import invite
from emailhub.accounts.models import Role
from emailhub.accounts.tenancy import company
from emailhub.hub.hours import add_holiday
from emailhub.hub.identity import set_known_contacts_only
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.intake.models import ReceivedMessage
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import Cast
from tests.letters import letter
from tests.soak import IS_LONG

from .browser import NOTE, ready_composer, send, write
from .conftest import OpenDesk
from .mails import CARLA, MALLORY
from .pictures import picture
from .product import Product

TICKET = "/tickets/1/"
WIDE, NARROW = (1440, 900), (390, 844)
ALL_LOOKS = [(theme, size) for theme in ("light", "dark") for size in (WIDE, NARROW)]
# Both themes and both sizes are seen in two; the other two are for the long run.
LOOKS = ALL_LOOKS if IS_LONG else [("light", WIDE), ("dark", NARROW)]
# The frames hold what customers wrote.
OPTIONS = {"resultTypes": ["violations"], "iframes": False}
SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
    Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(done))))"""
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture
def ticket(product: Product, people: Cast, desk_of: OpenDesk) -> Page:
    """A ticket with all that a timeline shows: a mail with pictures and files, a note, an answer, events."""
    product.mail(
        letter(
            CARLA,
            cc=f"{LONG} <{'x' * 60}@customer.example>",
            subject=f"The pump leaks {LONG}",
            html='<p>It leaks.</p><img src="https://remote.example/1.png" width="90" height="30">',
            files=(("pump.png", "image/png", picture()), (f"{LONG}.pdf", "application/pdf", b"%PDF-1.4")),
        )
    )
    product.wait_until_idle()
    page = desk_of(people.ana, TICKET)
    ready_composer(page)
    page.keyboard.press("n")
    write(page, "Ask Jon first.", NOTE)
    page.locator("#composer-note [data-send]").click()
    page.locator("article.message.note").wait_for()
    page.goto(product.url + TICKET)
    ready_composer(page)
    write(page, "We come tomorrow.")
    send(page)
    page.locator("article.message.ours").wait_for()
    return page


def examine(page: Page, what: str) -> list[str]:
    """What is wrong with the page in each look, a line each."""
    return [line for look in LOOKS for line in _examine_look(page, what, *look)]


def _examine_look(page: Page, what: str, theme: str, size: tuple[int, int]) -> list[str]:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(SETTLED)
    # Behind a modal dialog all is inert, and faded.
    place = "dialog[open]" if page.locator("dialog[open]").count() else None
    found = Axe().run(page, place, OPTIONS).response["violations"]
    where = f"{what}, {theme}, {size[0]} px"
    wrong = [
        f"{where}: {violation['id']}: {node['target']} {node['html'][:160]} {_reason(node)}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    if page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth"):
        wrong.append(f"{where}: it is wider than the window")
    return wrong


def _reason(node: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])


def examine_all(product: Product, page: Page, paths: tuple[str, ...]) -> None:
    wrong = []
    for path in paths:
        page.goto(product.url + path)
        wrong += examine(page, path)
    assert not wrong, "\n".join(wrong)


def test_the_doors_are_open_to_all(product: Product, desk_of: OpenDesk) -> None:
    page = desk_of(None, "/account/login/")
    examine_all(
        product, page, ("/account/login/", "/account/password/reset/", "/account/password/reset/done/")
    )
    page.goto(product.url + "/account/login/")
    page.fill("[name=login]", "nobody@dealer.example")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    page.locator(".notice.danger").wait_for()
    assert not examine(page, "refused at the door")


def test_lists_search_and_profile_are_open_to_all(product: Product, ticket: Page) -> None:
    paths = (
        "/tickets/?view=all",
        "/tickets/?view=closed",
        "/search/?q=pump",
        "/search/?q=zzyzx",
        "/profile/",
        "/tickets/new/",
        "/account/password/change/",
        "/tickets/999/",
    )
    examine_all(product, ticket, paths)


def test_the_pages_of_a_team_s_emailhub_are_open_to_all(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    with company(people.dealer.id):
        set_known_contacts_only(people.parts, True, by=people.olga, now=timezone.now())
        made = {
            word: create_rule(people.parts, rule_about(word), by=people.olga, now=timezone.now())
            for word in ("urgent order", "order")
        }
    product.mail(letter(MALLORY, subject=LONG), to=people.parts_address)
    product.wait_until_idle()
    with company(people.dealer.id):
        held = ReceivedMessage.objects.get(team=people.parts)
    team = f"/manage/teams/{people.parts.id}"
    paths = (
        f"{team}/emailhub/",
        f"{team}/rules/",
        f"{team}/rules/{made['order'].pk}/",
        f"{team}/rules/bench/?q=x",
        f"{team}/mail/",
        f"{team}/automatic-replies/after_hours/",
        "/held/",
        f"/held/{held.pk}/",
    )
    examine_all(product, desk_of(people.olga), paths)


def test_the_pages_for_teams_and_people_are_open_to_all(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    with company(people.dealer.id):
        teams = {people.service.pk: True}
        invite(
            f"{'x' * 60}@customer.example",
            name=LONG,
            role=Role.ADVISOR,
            teams=teams,
            by=people.olga,
            now=timezone.now(),
        )
        add_holiday(people.service, date(2099, 12, 25), LONG, by=people.ana, now=timezone.now())
    team = f"/manage/teams/{people.service.id}"
    paths = (
        f"{team}/members/",
        f"{team}/members/{people.ben.pk}/",
        f"{team}/hours/",
        f"{team}/",
        f"{team}/removal/",
        "/manage/company/",
        "/manage/teams/",
        "/manage/advisors/",
        "/manage/invitations/",
        "/manage/invitations/bulk/",
        "/manage/audit/",
        "/manage/start/",
    )
    page = desk_of(people.olga)
    examine_all(product, page, paths)
    page.goto(f"{product.url}/manage/invitations/bulk/")
    page.set_viewport_size({"width": 390, "height": 500})
    # Words for those who hear the page stand outside of its flow: they must not make the window scroll.
    assert page.evaluate("document.scrollingElement.scrollHeight <= window.innerHeight")


def rule_about(word: str) -> RuleForm:
    conditions = (Condition(Field.SUBJECT, Operator.CONTAINS, (word,)),)
    return RuleForm(name=f"About {word}", conditions=conditions, action=Action.CREATE_NEW, even_if_open=False)


def test_every_tab_of_a_ticket_is_open_to_all(product: Product, ticket: Page) -> None:
    examine_all(
        product, ticket, (TICKET, *(f"{TICKET}?tab={tab}" for tab in ("contact", "files", "details")))
    )


DONE: dict[str, Callable[[Page], object]] = {
    "recipients": lambda page: page.evaluate("document.querySelector('[data-lines]').open = true"),
    "note": lambda page: page.keyboard.press("n"),
    "keys": lambda page: page.keyboard.press("?"),
    "subject": lambda page: page.locator("#ticket-subject [data-edit]").click(),
    "contact": lambda page: page.locator("#contact-card [data-edit]:visible").first.click(),
    "envelope": lambda page: page.locator("details.to > summary").first.click(),
    "channel menu": lambda page: page.locator("[popovertarget=channel-menu]:visible").click(),
    "send menu": lambda page: page.locator("[popovertarget=send-menu]:visible").click(),
    "advisors": lambda page: page.locator("[popovertarget=assignee-menu]").click(),
    "trace": lambda page: page.locator("[popovertarget^=trace-]:visible").first.click(),
}


def test_what_opens_on_a_ticket_is_open_to_all(product: Product, ticket: Page) -> None:
    wrong = []
    for name, do in DONE.items():
        ticket.set_viewport_size({"width": 1440, "height": 900})
        ticket.goto(product.url + TICKET)
        ready_composer(ticket)
        do(ticket)
        wrong += examine(ticket, name)
    assert not wrong, "\n".join(wrong)

"""Many tickets at once, by keyboard and with the shift key."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.letters import letter

from .conftest import OpenDesk
from .mails import BEA, CARLA, JON
from .product import Product


@pytest.fixture(autouse=True)
def tickets(product: Product) -> None:
    """Three of them, the newest Jon's."""
    for number, sender in enumerate((CARLA, BEA, JON)):
        product.mail(letter(sender, subject=f"Matter {number}", message_id=f"m{number}@customer.example"))
        product.wait_until_idle()


def rows(page: Page) -> list[str]:
    return page.locator("#rows .about").all_inner_texts()


def test_two_are_chosen_and_closed_by_keyboard_and_brought_back(people: Cast, desk_of: OpenDesk) -> None:
    page = desk_of(people.ana, "/tickets/?view=open")
    before = rows(page)
    page.locator("#rows a.who").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("2 chosen")
    page.keyboard.press("e")
    expect(page.locator("#toasts")).to_contain_text("2 tickets changed")
    assert rows(page) == before[2:]
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back on 2 tickets")
    assert sorted(rows(page)) == sorted(before)
    boxes = page.locator("#rows input[name=ticket]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3 chosen")
    page.keyboard.press("t")
    page.keyboard.type("Warranty")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("3 tickets changed")
    expect(page.locator("#rows .tag", has_text="Warranty")).to_have_count(3)

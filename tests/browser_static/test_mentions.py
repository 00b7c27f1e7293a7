"""Mentions in a real browser: by the keys alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import TICKET
from .desk_server import Desk, as_json


def test_an_at_offers_colleagues_and_the_keys_choose_one(show: Callable[..., Page], desk: Desk) -> None:
    desk.pages[TICKET] = desk.pages[TICKET].replace(
        'data-draft-url="/drafts/note/"', 'data-draft-url="/drafts/note/" data-colleagues-url="/colleagues/"'
    )
    desk.answers["GET", "/colleagues/"] = [as_json(["Ana Ferrer", "Ángel Ortiz", "Ben Alonso"])]
    page = show()
    page.get_by_role("button", name="Internal note").click()
    note, names = page.locator("#composer-note .rich-text"), page.get_by_role("option")
    expect(note).to_be_focused()
    page.keyboard.type("write to a@b, @an")
    expect(names).to_have_text(["Ana Ferrer", "Ángel Ortiz"])
    page.keyboard.press("ArrowDown")
    expect(names.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(names).to_have_count(0)
    page.keyboard.type("and @be")
    expect(names).to_have_text(["Ben Alonso"])
    page.keyboard.press("Escape")
    expect(note).to_have_text("write to a@b, @Ángel Ortiz and @be")
    page.get_by_role("button", name="Save note").click()
    expect(note).to_have_text("")
    assert desk.sent("POST", "/notes/")[0]["text"] == ["write to a@b, @Ángel Ortiz and @be"]

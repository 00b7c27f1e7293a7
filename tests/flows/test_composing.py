"""One ticket, two channels: what is written in one stays there."""

from __future__ import annotations

import os
import re

from playwright.sync_api import Page, expect

from emailhub.accounts.tenancy import company
from tests.cast import CARLA as CARLAS_ADDRESS
from tests.cast import Cast
from tests.letters import letter
from tests.texting_lines import connect

from .browser import WRITING, ready_composer, write
from .conftest import OpenDesk
from .product import Product

CHAT = "#composer-chat [data-writing]"


def choose(page: Page, channel: str) -> None:
    page.locator("[data-channel-button]:visible").click()
    page.locator("#channel-menu").get_by_role("menuitemradio", name=channel).click()


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_phone_opens_chat_and_each_channel_keeps_its_text(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    with company(people.dealer.id):
        connect(people.dealer)
    product.mail(letter(CARLAS_ADDRESS, subject="The pump leaks", message_id="first@customer.example"))
    product.wait_until_idle()
    page = desk_of(people.ana, "/tickets/1/")
    ready_composer(page)
    write(page, "By email, with a quote")
    page.locator("[data-channel-button]:visible").click()
    closed = page.locator("#channel-menu").get_by_role("menuitemradio", name=re.compile("^Chat"))
    expect(closed).to_be_disabled()
    expect(page.locator("#channel-menu")).to_contain_text("no phone number")
    shot(page, "menu-without-phone")
    page.get_by_role("menuitem", name="Add a phone number").click()
    card = page.locator("[data-editable]:visible", has=page.locator("form[data-form]:visible"))
    card.locator('[data-add-row="phone"]').click()
    card.locator('input[name="phone"]:visible').last.fill("+34 600 111 222")
    card.get_by_role("button", name="Save").click()
    page.locator("#composer-chat").wait_for(state="attached")
    ready_composer(page)
    expect(page.locator(WRITING)).to_have_text("By email, with a quote")
    choose(page, "Chat")
    page.locator(CHAT).fill("Estamos en camino, señora")
    expect(page.locator("#composer-chat [data-segments]")).to_have_text("1 SMS")
    page.locator(CHAT).press_sequentially(" ✓")
    expect(page.locator("#composer-chat [data-segments]")).to_have_text("1 SMS because of ✓")
    expect(page.locator("#composer-chat [data-saved-words]")).to_contain_text("Draft saved")
    shot(page, "chat")
    page.reload()
    choose(page, "Chat")
    expect(page.locator(CHAT)).to_have_value("Estamos en camino, señora ✓")
    choose(page, "Email")
    expect(page.locator(WRITING)).to_have_text("By email, with a quote")
    shot(page, "email")

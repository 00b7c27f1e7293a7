"""Headless Chromium on the product's pages, and what it may never report."""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from emailhub.accounts.models import Advisor

from .product import Product

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
    "--disable-gpu",
]
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
WRITING = "#composer-email .rich-text"
NOTE = "#composer-note .rich-text"


def find_chromium() -> str | None:
    return os.environ.get("EMAILHUB_CHROMIUM") or shutil.which("chromium")


@contextmanager
def launched() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django would take our queries for a mistake.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
            yield browser
            browser.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@dataclass
class Harm:
    """What no mail and no field may cause: dialogs, words to strangers, scripts that were stopped late."""

    home: str
    dialogs: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)  # Content-Security-Policy had to stop them
    errors: list[str] = field(default_factory=list)  # of our own scripts

    def watch(self, context: BrowserContext) -> None:
        context.on("dialog", self._on_dialog)
        context.on("request", lambda request: self._on_request(request.url))
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _on_dialog(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":
            self.dialogs.append(dialog.message)
        with suppress(Error):  # it is gone with its page
            dialog.dismiss()

    def _on_request(self, url: str) -> None:
        if not url.startswith((self.home + "/", "data:", "blob:", "about:")):
            self.strangers.append(url)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium also reports the handlers that our own editor's sanitiser reads (and drops) in its inert
        # document; those never stand in a page.
        text = message.text
        if ("Security Policy" in text and "inline event handler" not in text) or "Blocked script" in text:
            self.scripts.append(text)

    @property
    def everything(self) -> list[str]:
        return [*self.dialogs, *self.strangers, *self.scripts, *self.errors]


def sign_in_directly(context: BrowserContext, product: Product, advisor: Advisor) -> None:
    """Give the browser the cookie that the door would give it."""
    client = Client()
    client.force_login(advisor.user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": product.url}])


def write(page: Page, text: str, place: str = WRITING) -> None:
    """Type at the end of the rich text field."""
    page.locator(place).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def ready_composer(page: Page) -> Locator:
    field_ = page.locator(WRITING)
    field_.wait_for()
    return field_


def add_person(page: Page, label: str, address: str) -> None:
    """Type an address into To, CC or BCC of the composer."""
    lines = page.locator("#composer-email details[data-lines]")
    if lines.count() and lines.get_attribute("open") is None:
        lines.locator("summary").click()
    box = page.locator(f"#{label}")
    box.fill(address)
    box.press("Enter")
    page.locator(f'#composer-email [data-chip="{label}"]').last.wait_for()


def send(page: Page) -> None:
    """Press Send, confirm what is asked, and wait until the page says that the mail is on its way."""
    page.locator("#composer-email [data-send]").click()
    toast, asked = (
        page.locator(".toast").first,
        page.get_by_role("button", name=re.compile("^(Send as it is|Enviar tal cual)$")),
    )
    toast.or_(asked).first.wait_for()
    if asked.is_visible():
        asked.click()
        toast.wait_for()


def paste_picture(page: Page, content: bytes, place: str = WRITING) -> None:
    """Paste a picture as from another program, and wait until it has been uploaded."""
    page.locator(place).focus()
    page.evaluate(
        """([selector, content]) => {
            const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], "pump.png", { type: "image/png" }));
            document.querySelector(selector).dispatchEvent(
              new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [place, base64.b64encode(content).decode()],
    )
    page.locator(f"{place} img[src^='/attachments/']").wait_for()

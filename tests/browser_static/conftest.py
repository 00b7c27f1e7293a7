"""A real browser on hand-made pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from . import pages
from .desk_server import STATIC, Desk, as_json, serve

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]
TICKET = "/tickets/17/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    assert (STATIC / "vendor" / "squire" / "squire.mjs").is_file(), "browser code is missing: run make setup"
    path = os.environ.get("EMAILHUB_CHROMIUM") or shutil.which("chromium")
    assert path, "Chromium is missing: run make test-tools"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The server's side, with one ticket on it."""
    desk = Desk()
    desk.pages[TICKET] = ticket_page()
    desk.pages["/bodies/102/"] = (
        "<!doctype html><body style='margin:0'><p style='height:300px;margin:0'>Good morning</p></body>"
    )
    desk.pages["/rail/"] = "<div class='rail-views'>fresh counts</div>"
    desk.pages["/activities/"] = ""
    desk.answers["POST", "/replies/"] = [
        as_json(
            {
                "activity": 140,
                "seen": 140,
                "undo_url": "/outgoing/77/",
                "seconds": 10,
                "words": "Leaves in {s} s",
            },
            201,
        )
    ]
    desk.answers["POST", "/notes/"] = [
        as_json({"activity": 141, "seen": 141, "undo_url": None, "words": "Note saved"}, 201)
    ]
    desk.answers["POST", "/drafts/email/"] = [as_json({"words": "Draft saved 10:44"})]
    desk.answers["POST", "/drafts/note/"] = [as_json({"words": "Draft saved 10:45"})]
    desk.answers["POST", "/uploads/"] = [
        as_json(
            {
                "id": 55,
                "name": "a.png",
                "size": 68,
                "content_type": "image/png",
                "url": "/pictures/55/",
                "cid": "c55@x",
            },
            201,
        )
    ]
    desk.answers["GET", "/people/"] = [
        as_json([{"name": "Inés Roldán", "address": "ines@farm.example", "about": "Farm"}])
    ]
    server = serve(desk)
    yield desk
    desk.hang_up()
    server.shutdown()


def _is_trouble(text: str) -> bool:
    # Chromium reports the handlers that DOMPurify reads (and drops) in its inert document.
    return "Security Policy" in text and "inline event handler" not in text


def ticket_page(*, draft: str = "", live: bool = True) -> str:
    """List and ticket in one page."""
    rows = [
        pages.row(17, "Joaquín Belmonte", "Hydraulic leak", current=True),
        pages.row(18, "Nuria Casals", "The cutter bar"),
        pages.row(19, "Ramón Vidal", "Appointment"),
    ]
    activities = [
        pages.message(101, "Ana Ferrer", "<p>We come tomorrow.</p>", kind="ours"),
        pages.message(102, "Inés Roldán", pages.frame(102), strip=pages.BLOCKED),
    ]
    work = pages.ticket_list(rows) + pages.ticket(activities, draft=draft)
    body = f'{pages.rail()}<main class="sheet workbench" id="main" tabindex="-1">{work}</main>'
    return pages.page(body, attributes='data-events-url="/events"' if live else "")


@pytest.fixture
def show(browser: Browser, desk: Desk) -> Iterator[Callable[..., Page]]:
    """Open a page; at the end nothing may have gone wrong in its console."""
    opened: list[Page] = []
    troubles: list[str] = []

    def open_page(path: str = TICKET, **context: object) -> Page:
        size = {"width": 1440, "height": 900}
        page = browser.new_context(**{"viewport": size, **context}).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console", lambda message: troubles.append(message.text) if _is_trouble(message.text) else None
        )
        page.goto(desk.address + path)
        opened.append(page)
        page.wait_for_selector(".rich-text, .composer.closed:not([hidden])", state="attached")
        return page

    yield open_page
    for page in opened:
        page.context.close()
    assert not troubles

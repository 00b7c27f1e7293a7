"""Up a long timeline in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from . import pages
from .conftest import TICKET, ticket_page
from .desk_server import Answer, Desk

DAY = '<h2 class="day" data-day="2026-11-18">'
WAY_UP = '<nav class="pages"><a class="button" href="/nowhere/" data-earlier="/earlier/">Earlier</a></nav>'


def test_what_is_earlier_comes_above_and_the_reader_stays_where_they_are(
    show: Callable[..., Page], desk: Desk
) -> None:
    here = messages(81, 96)
    desk.pages[TICKET] = (
        ticket_page(live=False).replace(DAY, WAY_UP + DAY).replace("November</h2>", f"November</h2>{here}")
    )
    desk.answers["GET", "/earlier/"] = [Answer(200, f"{DAY}Wednesday</h2>{messages(60, 81)}")]
    page = show()
    expect(page.locator("[data-earlier]")).to_be_attached()  # not before somebody is near it
    first = page.locator("#activity-81")
    page.locator("#timeline").evaluate("(timeline) => { timeline.scrollTop = 0; }")
    page.locator("#activity-60").wait_for(state="attached")
    expect(first).to_be_in_viewport()
    assert page.locator("#timeline").evaluate("(timeline) => timeline.scrollTop") > 1000
    expect(page.locator(".day")).to_have_count(1)  # the day's heading moved up to its first entry
    expect(page.locator("[data-earlier]")).to_have_count(0)
    assert len(desk.sent("GET", "/earlier/")) == 1


def messages(first: int, end: int) -> str:
    return "".join(pages.message(number, "Ana Ferrer", "<p>Earlier</p>" * 3) for number in range(first, end))

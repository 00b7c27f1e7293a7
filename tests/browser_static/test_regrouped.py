"""An open page when entries go to another ticket, or come from one."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from . import pages
from .desk_server import Answer, Desk


def test_the_timeline_is_drawn_anew_and_what_went_is_gone(show: Callable[..., Page], desk: Desk) -> None:
    page = show()
    expect(page.locator("#activity-101")).to_be_attached()
    while not desk.sent("GET", "/activities/"):  # what came before the stream was open is asked for first
        page.wait_for_timeout(10)
    desk.answers["GET", "/activities/"] = [Answer(200, pages.message(90, "Jon", "<p>From elsewhere</p>"))]
    desk.tell(kind="regrouped", team=1, ticket=18, id=5)  # another ticket's
    desk.tell(kind="regrouped", team=1, ticket=17, id=5)
    expect(page.locator("#activity-90")).to_be_in_viewport()
    expect(page.locator("[data-activity]")).to_have_count(1)
    assert len([asked for asked in desk.sent("GET", "/activities/") if "before" in asked]) == 1

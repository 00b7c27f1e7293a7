"""Who else is on the ticket, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import TICKET, ticket_page
from .desk_server import Answer, Desk

PLACE = '<span data-presence data-url="/presence/" data-ticket="17" data-advisor="1" id="who"></span>'


def test_others_are_seen_while_they_are_heard_of_and_hear_what_one_does(
    show: Callable[..., Page], desk: Desk
) -> None:
    desk.pages[TICKET] = ticket_page().replace("data-timeline", f"data-timeline>{PLACE}<div ", 1)
    desk.pages[TICKET] = desk.pages[TICKET].replace(
        "</section></div></article>", "</div></section></div></article>"
    )
    desk.answers["POST", "/presence/"] = [Answer(204, "")]
    page = show()
    who = page.locator("#who")
    while not desk.streams:  # the page hears from now on
        page.wait_for_timeout(10)
    desk.tell(kind="presence", ticket=17, id=1, who="Ana", doing="looking")  # oneself, in another tab
    desk.tell(kind="presence", ticket=18, id=3, who="Pat", doing="looking")
    desk.tell(kind="presence", ticket=17, id=2, who="Ben", doing="answering")
    expect(who).to_have_text("Ben is answering")
    page.locator("#composer-email .rich-text").click()
    with page.expect_request(lambda asked: asked.post_data == "doing=answering"):
        page.keyboard.type("Good morning")
    assert desk.sent("POST", "/presence/")[0]["doing"] == ["looking"]
    desk.tell(kind="presence", ticket=17, id=2, who="Ben", doing="gone")
    expect(who).to_have_text("")

"""Menus, keys, the timeline, the list and live updates in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from . import pages
from .desk_server import Answer, Desk

Show = Callable[..., Page]


def test_a_menu_is_walked_with_the_arrows_and_gives_the_focus_back(show: Show) -> None:
    page = show()
    opener = page.get_by_role("button", name="E-mail")
    opener.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitemradio", name="E-mail")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitemradio", name="Internal note")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("menuitemradio", name="Chat")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitemradio", name="Internal note")).to_be_focused()
    page.keyboard.press("e")
    expect(page.get_by_role("menuitemradio", name="E-mail")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu", name="Channel")).to_be_hidden()
    expect(opener).to_be_focused()


def test_what_cannot_be_used_is_reached_but_does_nothing(show: Show) -> None:
    page = show()
    page.get_by_role("button", name="E-mail").click()
    page.get_by_role("menuitemradio", name="Chat").click(force=True)
    expect(page.get_by_role("menu", name="Channel")).to_be_visible()
    expect(page.locator("#composer-email")).to_be_visible()


def test_a_long_menu_is_filtered_and_chosen_by_enter(show: Show, desk: Desk) -> None:
    page = show()
    page.locator("#main").focus()
    page.keyboard.press("a")
    expect(page.get_by_label("Find advisor")).to_be_focused()
    page.keyboard.type("ruiz")
    expect(page.get_by_role("menuitemradio", name="Ana Ferrer")).to_be_hidden()
    desk.answers["POST", "/assignee/"] = [Answer(200, "assigned")]
    page.keyboard.press("Enter")
    page.get_by_text("assigned").wait_for()
    assert desk.sent("POST", "/assignee/")[0]["advisor"] == ["2"]


def test_menus_stand_at_their_button(show: Show) -> None:
    page = show()
    page.get_by_role("button", name="Other ways to send").click()
    menu = page.locator("#send-menu").bounding_box()
    button = page.get_by_role("button", name="Other ways to send").bounding_box()
    assert menu and button
    assert menu["y"] + menu["height"] <= button["y"]
    assert abs(menu["x"] + menu["width"] - button["x"] - button["width"]) < 2


def test_menus_are_placed_where_the_browser_cannot_anchor(show: Show) -> None:
    page = show()
    page.add_init_script("CSS.supports = () => false;")
    page.reload()
    page.get_by_role("button", name="Other ways to send").click()
    top = page.locator("#send-menu").evaluate("(menu) => menu.style.top")
    assert top.endswith("px")


def test_tabs_and_tools_have_one_stop_and_arrows(show: Show) -> None:
    page = show()
    page.get_by_role("tab", name="All activity").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Contact")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Attachments")).to_be_focused()
    assert page.locator("[role=tab][tabindex='0']").count() == 1
    page.get_by_role("button", name="Bold").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    assert page.locator("#composer-email [data-tool][tabindex='0']").count() == 1


def test_keys_move_through_the_list(show: Show) -> None:
    page = show()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Nuria Casals")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Ramón Vidal")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Nuria Casals")).to_be_focused()


def test_keys_do_what_the_page_declares(show: Show, desk: Desk) -> None:
    page = show()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.type("eg")
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("eg")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#composer-note .rich-text")).to_be_focused()
    page.keyboard.press("Escape")
    desk.answers["GET", "/tickets/"] = [Answer(200, "the list of mine")]
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.get_by_text("the list of mine").wait_for()
    assert desk.sent("GET", "/tickets/")[0] == {"view": ["mine"]}


def test_keys_with_control_are_the_browsers(show: Show, desk: Desk) -> None:
    page = show()
    page.keyboard.press("Control+e")
    page.keyboard.press("Alt+c")
    page.wait_for_timeout(200)
    assert page.url.endswith("/tickets/17/")
    assert not desk.sent("POST", "/closure/")


def test_the_help_lists_what_is_on_the_page(show: Show) -> None:
    page = show()
    page.keyboard.press("?")
    help_sheet = page.get_by_role("dialog", name="Keys")
    for words in ("Assign", "New ticket", "Mine", "Close", "Internal note", "Next and previous ticket"):
        expect(help_sheet.locator("dt", has_text=words).first).to_be_visible()
    page.keyboard.press("j")
    expect(help_sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_sheet).to_be_hidden()


def test_the_timeline_starts_at_its_end_and_grows(show: Show, desk: Desk) -> None:
    page = show()
    fresh = '<h2 class="day" data-day="2026-11-18">again</h2>' + pages.message(103, "Joaquín", "<p>New!</p>")
    desk.answers["GET", "/activities/"] = [Answer(200, fresh), Answer(200, "")]
    desk.tell(kind="activity", team=1, ticket=17, id=103)
    expect(page.locator("#activity-103")).to_be_in_viewport()
    expect(page.locator(".day")).to_have_count(1)
    assert desk.sent("GET", "/activities/")[0] == {"after": ["102"]}
    expect(page.locator("#announcer")).to_contain_text("E-mail from Joaquín")
    assert page.locator("#composer-email [name=seen]").input_value() == "103"


def test_news_do_not_become_seen_while_somebody_writes(show: Show, desk: Desk) -> None:
    page = show()
    page.locator("#composer-email .rich-text").click()
    page.keyboard.type("My answer")
    desk.answers["GET", "/activities/"] = [
        Answer(200, pages.message(103, "Joaquín", "<p>New!</p>")),
        Answer(200, ""),
    ]
    desk.tell(kind="activity", team=1, ticket=17, id=103)
    page.locator("#activity-103").wait_for()
    assert page.locator("#composer-email [name=seen]").input_value() == "102"


def test_who_reads_further_up_is_not_pulled_down(show: Show, desk: Desk) -> None:
    page = show(viewport={"width": 1200, "height": 800})
    page.locator("iframe[data-frame]").wait_for()
    page.wait_for_timeout(400)
    page.locator("#timeline").evaluate("(timeline) => { timeline.scrollTop = 0; }")
    page.wait_for_timeout(100)
    desk.answers["GET", "/activities/"] = [
        Answer(200, pages.message(103, "Joaquín", "<p>New!</p>")),
        Answer(200, ""),
    ]
    desk.tell(kind="activity", team=1, ticket=17, id=103)
    newer = page.get_by_role("button", name="1 new activity")
    expect(newer).to_be_visible()
    assert page.locator("#timeline").evaluate("(timeline) => timeline.scrollTop") == 0
    newer.click()
    expect(page.locator("#activity-103")).to_be_in_viewport()
    expect(newer).to_be_hidden()


def test_a_changed_activity_changes_in_its_place(show: Show, desk: Desk) -> None:
    page = show()
    while not desk.sent("GET", "/activities/"):  # what came before the stream was open is asked for first
        page.wait_for_timeout(20)
    changed = pages.message(
        101, "Ana Ferrer", "<p>We come tomorrow.</p>", kind="ours failed", side="Not delivered"
    )
    desk.answers["GET", "/activities/"] = [Answer(200, changed)]
    desk.tell(kind="activity", team=1, ticket=17, id=101)
    expect(page.locator("#activity-101 .side")).to_have_text("Not delivered")
    assert desk.sent("GET", "/activities/") == [{"after": ["102"]}, {"id": ["101"]}]


def test_a_mail_frame_is_not_loaded_again_when_its_message_changes(show: Show, desk: Desk) -> None:
    page = show()
    expect(page.frame_locator("iframe[data-frame]").locator("p")).to_have_text("Good morning")
    changed = pages.message(102, "Inés Roldán", pages.frame(102), side="read")
    desk.answers["GET", "/activities/"] = [Answer(200, changed)]
    desk.tell(kind="activity", team=1, ticket=17, id=102)
    expect(page.locator("#activity-102 .side")).to_have_text("read")
    assert len(desk.sent("GET", "/bodies/102/")) == 1


def test_an_activity_that_was_taken_back_goes(show: Show, desk: Desk) -> None:
    page = show()
    desk.answers["GET", "/activities/"] = [Answer(204)]
    desk.tell(kind="activity", team=1, ticket=17, id=101)
    expect(page.locator("#activity-101")).to_have_count(0)


def test_a_mail_frame_is_as_high_as_its_mail(show: Show) -> None:
    page = show()
    frame = page.locator("iframe[data-frame]")
    expect(frame).to_have_css("height", "300px")
    page.frame_locator("iframe[data-frame]").locator("p").evaluate("(p) => { p.style.height = '120px'; }")
    expect(frame).to_have_css("height", "120px")


def test_remote_images_are_shown_when_asked_for(show: Show, desk: Desk) -> None:
    page = show()
    page.get_by_role("link", name="Show images").click()
    expect(page.locator("[data-images-strip]")).to_have_count(0)
    expect(page.locator("iframe[data-frame]")).to_have_attribute(
        "src", f"{desk.address}/bodies/102/?images=1"
    )
    page.wait_for_timeout(200)
    assert desk.sent("GET", "/bodies/102/")[-1] == {"images": ["1"]}


def test_new_tickets_wait_in_a_bar_and_known_ones_change_in_place(show: Show, desk: Desk) -> None:
    page = show()
    desk.answers["GET", "/rows/"] = [
        Answer(200, pages.row(40, "New One", "x")),
        Answer(200, pages.row(41, "New Two", "x")),
        Answer(200, pages.row(18, "Nuria Casals", "The cutter bar", last="It works again")),
        Answer(204),
    ]
    for ticket, shown in [(40, "Show 1 new ticket"), (41, "Show 2 new tickets")]:
        desk.tell(kind="activity", team=1, ticket=ticket, id=500)
        expect(page.locator("#fresh")).to_have_text(shown)
    desk.tell(kind="activity", team=1, ticket=18, id=501)
    expect(page.locator("#row-18 .last")).to_have_text("It works again")
    desk.tell(kind="ticket", team=1, ticket=19, id=502)
    expect(page.locator("#row-19")).to_have_attribute("data-gone", "")
    expect(page.locator("#rows > li")).to_have_count(3)


def test_counts_follow(show: Show, desk: Desk) -> None:
    page = show()
    desk.tell(kind="ticket", team=1, ticket=99, id=1)
    expect(page.get_by_text("fresh counts")).to_be_visible()


def test_a_lost_connection_is_said_and_made_good(show: Show, desk: Desk) -> None:
    page = show()
    page.wait_for_timeout(200)
    page.route("**/events", lambda route: route.abort())
    desk.hang_up()
    expect(page.get_by_text("No connection")).to_be_visible(timeout=8000)
    page.unroute("**/events")
    desk.answers["GET", "/activities/"] = [
        Answer(200, pages.message(103, "Joaquín", "<p>In between</p>")),
        Answer(200, ""),
    ]
    expect(page.get_by_text("No connection")).to_be_hidden(timeout=10000)
    expect(page.locator("#activity-103")).to_be_attached()


def test_the_contact_is_edited_in_place(show: Show, desk: Desk) -> None:
    page = show()
    desk.answers["POST", "/contacts/5/"] = [
        Answer(422, pages.contact_card("", error="A name is needed")),
        Answer(200, pages.contact_card("Joaquín B.")),
    ]
    page.get_by_role("button", name="Edit the contact").click()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("A name is needed")).to_be_visible()
    page.get_by_label("Name").fill("Joaquín B.")
    page.get_by_role("button", name="Add e-mail").click()
    page.keyboard.type("jb@farm.example")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#contact-name")).to_have_text("Joaquín B.")
    expect(page.get_by_role("button", name="Edit the contact")).to_be_focused()
    assert desk.sent("POST", "/contacts/5/")[1]["email"] == ["joaquin@farm.example", "jb@farm.example"]


def test_escape_undoes_editing_in_place(show: Show) -> None:
    page = show()
    page.get_by_role("button", name="Edit the contact").click()
    page.get_by_label("Name").fill("Somebody else")
    page.get_by_role("button", name="Remove", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.locator("#contact-name")).to_have_text("Joaquín Belmonte")
    page.get_by_role("button", name="Edit the contact").click()
    expect(page.get_by_label("Name")).to_have_value("Joaquín Belmonte")
    expect(page.locator("#contact-card input[name=email]")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_chosen_and_stays(show: Show, theme: str) -> None:
    page = show()
    page.get_by_role("button", name="Ana Ferrer").first.click()
    page.get_by_role("menuitemradio", name=theme.capitalize()).click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    expect(page.locator(f"[data-theme-choice={theme}]")).to_have_attribute("aria-checked", "true")


def test_on_a_phone_the_composer_starts_folded(show: Show) -> None:
    page = show(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(page.locator("#composer-email")).to_be_hidden()
    page.get_by_role("button", name="Reply to Joaquín…").tap()
    expect(page.locator("#composer-email .rich-text")).to_be_focused()
    box = page.get_by_role("button", name="Send", exact=False).first.bounding_box()
    assert box and box["height"] >= 44


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_serious_for_axe(browser: Browser, desk: Desk, scheme: str, width: int) -> None:
    size = {"width": width, "height": 900}
    page = browser.new_context(bypass_csp=True, viewport=size, color_scheme=scheme).new_page()
    page.goto(desk.address + "/tickets/17/")
    if width < 768:
        page.get_by_role("button", name="Reply to Joaquín…").click()
    page.wait_for_selector(".composer .rich-text")
    page.wait_for_timeout(300)
    results = Axe().run(page).response["violations"]
    page.context.close()
    serious = [
        (one["id"], one["nodes"][0]["html"]) for one in results if one["impact"] in ("serious", "critical")
    ]
    assert not serious


def test_older_tickets_join_the_list(show: Show, desk: Desk) -> None:
    page = show()
    desk.pages["/older/"] = pages.page(
        f"<ul data-rows>{pages.row(19, 'Ramón Vidal', 'again')}{pages.row(20, 'Teresa Olmo', 'Oil')}</ul>"
    )
    page.locator("[data-more]").evaluate("(link) => { link.href = '/older/'; }")
    page.get_by_role("link", name="Older").click()
    expect(page.locator("#rows > li")).to_have_count(4)
    expect(page.get_by_role("link", name="Teresa Olmo")).to_be_focused()
    expect(page.get_by_role("link", name="Older")).to_have_count(0)


def test_a_destructive_form_asks_first(show: Show, desk: Desk) -> None:
    desk.pages["/danger/"] = pages.page(
        pages.composer()
        + """<form method="post" action="/merge/" data-confirm="sure"><button>Merge</button></form>
        <dialog class="dialog" id="sure" aria-label="Sure?"><form method="dialog">
        <button value="no">Keep both</button><button value="yes">Merge them</button></form></dialog>"""
    )
    desk.answers["POST", "/merge/"] = [Answer(200, "merged")]
    page = show("/danger/")
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_role("button", name="Keep both").click()
    assert not desk.sent("POST", "/merge/")
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_role("button", name="Merge them").click()
    page.get_by_text("merged").wait_for()
    assert len(desk.sent("POST", "/merge/")) == 1


def test_a_signature_is_written_with_its_form(show: Show, desk: Desk) -> None:
    desk.pages["/profile/"] = pages.page(
        f"""<main><form method="post" action="/profile/">
        <div class="rich" data-rich data-upload-url="/uploads/">
        <textarea class="input writing" name="signature_text" data-writing aria-label="Signature"></textarea>
        <input type="hidden" name="signature_html" data-html disabled value="">{pages.tools()}</div>
        <button>Save</button></form></main>"""
    )
    page = show("/profile/")
    page.get_by_role("textbox", name="Signature").click()
    page.keyboard.press("Control+b")
    page.keyboard.type("Ana Ferrer")
    desk.answers["POST", "/profile/"] = [Answer(200, "saved")]
    page.get_by_role("button", name="Save").click()
    page.get_by_text("saved").wait_for()
    (fields,) = desk.sent("POST", "/profile/")
    assert fields["signature_html"] == ["<div><b>Ana Ferrer</b></div>"]
    assert fields["signature_text"] == ["Ana Ferrer"]


def test_the_scripts_speak_the_language_of_the_page(show: Show, desk: Desk) -> None:
    words = {"receivers.one": "Lo recibirá {people}", "file.too_big_linked": "{size}, el máximo son {most}"}
    desk.pages["/es/"] = pages.page(pages.composer(), words=words).replace('lang="en"', 'lang="es"')
    page = show("/es/")
    expect(page.locator("[data-receivers]")).to_have_text("Lo recibirá Joaquín Belmonte")
    page.locator("#composer-email [data-pick]").set_input_files(
        [{"name": "video.mp4", "mimeType": "video/mp4", "buffer": b"x" * 2_200_000}]
    )
    expect(page.get_by_text("2,2 MB, el máximo son 2 MB")).to_be_visible()

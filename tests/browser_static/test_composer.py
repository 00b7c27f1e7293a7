"""The composer in a real browser."""

from __future__ import annotations

import base64
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import TICKET, ticket_page
from .desk_server import PIXEL, Answer, Desk, as_json

Show = Callable[..., Page]
WRITING = "#composer-email .rich-text"


def _write(page: Page, text: str) -> None:
    page.locator(WRITING).click()
    page.keyboard.type(text)


def _send(page: Page) -> None:
    page.get_by_role("button", name="Send Ctrl").click()
    page.wait_for_selector(".toast")


def test_bold_text_is_sent_as_html_and_as_text(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "Hello ")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("Inés")
    expect(page.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")
    _send(page)
    (fields,) = desk.sent("POST", "/replies/")
    assert fields["html"] == ["<div>Hello <b>Inés</b></div>"]
    assert fields["text"] == ["Hello Inés"]
    assert fields["csrf"] == ["token-1"]
    assert fields["to"] == ['"Joaquín Belmonte" <joaquin@farm.example>']
    assert fields["signature"] == ["1"]
    assert "files" not in fields


def test_every_tool_makes_its_form(show: Show, desk: Desk) -> None:
    page = show()
    for tool, text in [("Italic", "a"), ("Underline", "b"), ("Strike", "c")]:
        page.locator(WRITING).focus()
        page.get_by_role("button", name=tool).click()
        page.keyboard.type(text)
        page.get_by_role("button", name=tool).click()
    _send(page)
    html = desk.sent("POST", "/replies/")[0]["html"][0]
    assert html.replace("<br>", "") == "<div><i>a</i><u>b</u><s>c</s></div>"


def test_lists_and_quotes_come_and_go(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "one")
    page.get_by_role("button", name="Bullets").click()
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Numbers").click()
    expect(page.locator(f"{WRITING} ol")).to_have_count(1)
    expect(page.get_by_role("button", name="Numbers")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Numbers").click()
    page.get_by_role("button", name="Quote").click()
    expect(page.locator(f"{WRITING} blockquote")).to_have_count(1)
    _send(page)
    html = desk.sent("POST", "/replies/")[0]["html"][0]
    assert "<blockquote>" in html and "<ol>" not in html


def test_a_link_is_asked_for_and_made_whole(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "our page")
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Link").click()
    page.get_by_role("textbox", name="Web address").fill("javascript:alert(1)")
    page.get_by_role("button", name="Set the link").click()
    expect(page.get_by_text("Only web, e-mail")).to_be_visible()
    page.get_by_role("textbox", name="Web address").fill("dealer.example/parts")
    page.get_by_role("button", name="Set the link").click()
    _send(page)
    assert 'href="https://dealer.example/parts"' in desk.sent("POST", "/replies/")[0]["html"][0]


def test_a_pasted_picture_is_uploaded_and_stands_in_the_text(show: Show, desk: Desk) -> None:
    page = show()
    page.locator(WRITING).focus()
    _paste_picture(page)
    page.wait_for_selector(f"{WRITING} img[src='/pictures/55/']")
    _send(page)
    fields = desk.sent("POST", "/replies/")[0]
    assert 'data-cid="c55@x"' in fields["html"][0]
    assert "blob:" not in fields["html"][0]
    assert fields["attachments"] == ["55"]
    assert desk.sent("POST", "/uploads/")[0]["inline"] == ["1"]
    assert desk.files[0][1].startswith(b"\x89PNG")


def _paste_picture(page: Page) -> None:
    page.evaluate(
        """([selector, content]) => {
            const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], "a.png", { type: "image/png" }));
            document.querySelector(selector).dispatchEvent(
              new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [WRITING, base64.b64encode(PIXEL).decode()],
    )


def test_a_huge_picture_is_made_smaller_before_it_leaves(show: Show, desk: Desk) -> None:
    page = show()
    page.locator(WRITING).focus()
    page.evaluate(
        """async (selector) => {
            const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 1500 });
            const context = canvas.getContext("2d");
            for (let x = 0; x < 3000; x += 3) {
              context.fillStyle = `hsl(${x}, 80%, 50%)`;
              context.fillRect(x, 0, 3, 1500);
            }
            const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
            const data = new DataTransfer();
            data.items.add(new File([blob], "big.jpg", { type: "image/jpeg" }));
            const dropped = { dataTransfer: data, bubbles: true, cancelable: true };
            document.querySelector(selector).dispatchEvent(new DragEvent("drop", dropped));
        }""",
        WRITING,
    )
    page.wait_for_selector(f"{WRITING} img[src='/pictures/55/']")
    content = desk.files[0][1]
    frame = content.index(b"\xff\xc0")
    assert int.from_bytes(content[frame + 7 : frame + 9]) == 2000


def test_pasted_html_keeps_its_look_and_loses_what_is_dangerous(show: Show, desk: Desk) -> None:
    page = show()
    page.locator(WRITING).focus()
    page.evaluate(
        """([selector, html]) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            document.querySelector(selector).dispatchEvent(
              new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [
            WRITING,
            '<p style="color:red;position:fixed;top:0">Red</p>'
            '<table width="80%"><tr><td colspan="2">1</td></tr></table>'
            '<img src="https://spy.example/x.png"><img src=x onerror=alert(1)><script>alert(2)</script>'
            '<a href="javascript:1">x</a><a href="/closure/">y</a><i data-key="e" class="toast">z</i>',
        ],
    )
    page.wait_for_selector(f"{WRITING} table")
    _send(page)
    html = desk.sent("POST", "/replies/")[0]["html"][0]
    for kept in ("color: red", 'width="80%"', '<td colspan="2">1'):
        assert kept in html
    for danger in ("position", "spy.example", "onerror", "script", "/closure/", "data-key", "toast"):
        assert danger not in html


def test_files_show_their_progress_and_can_be_taken_away(show: Show, desk: Desk) -> None:
    page = show()
    desk.upload_delay = 0.4
    page.locator("#composer-email [data-pick]").set_input_files(
        [{"name": "quote.pdf", "mimeType": "application/pdf", "buffer": b"x" * 5000}]
    )
    expect(page.get_by_label("Uploading quote.pdf")).to_be_attached()
    expect(page.get_by_role("button", name="Remove a.png")).to_be_visible()
    page.get_by_role("button", name="Remove a.png").click()
    expect(page.locator("#composer-email [data-files] li")).to_have_count(0)


def test_a_file_over_the_limit_is_refused_with_the_reason(show: Show, desk: Desk) -> None:
    page = show()
    page.locator("#composer-email [data-pick]").set_input_files(
        [{"name": "video.mp4", "mimeType": "video/mp4", "buffer": b"x" * 2_200_000}]
    )
    expect(page.get_by_text("2.2 MB, a file has at most 2 MB")).to_be_visible()
    assert not desk.files


def test_a_file_that_the_mail_has_no_room_for_is_said_to_go_as_a_link(show: Show, desk: Desk) -> None:
    page = show()
    for name, size in (("quote.pdf", 700_000), ("video.mp4", 400_000)):
        page.locator("#composer-email [data-pick]").set_input_files(
            [{"name": name, "mimeType": "application/pdf", "buffer": b"x" * size}]
        )
    files = page.locator("#composer-email [data-files] li")
    expect(files.nth(1)).to_contain_text("400 kB · will be sent as a link until 24 December")
    expect(files.nth(0)).not_to_contain_text("link")
    files.nth(0).get_by_role("button").click()
    expect(files).to_have_count(1)
    expect(files.nth(0)).not_to_contain_text("link")


def test_sending_waits_for_the_files(show: Show, desk: Desk) -> None:
    page = show()
    desk.upload_delay = 0.6
    _write(page, "With the quote")
    page.locator("#composer-email [data-pick]").set_input_files(
        [{"name": "quote.pdf", "mimeType": "application/pdf", "buffer": b"x" * 5000}]
    )
    _send(page)
    assert desk.sent("POST", "/replies/")[0]["attachments"] == ["55"]


def test_people_become_chips_and_the_line_says_who_receives_it(show: Show, desk: Desk) -> None:
    page = show()
    page.get_by_role("combobox", name="CC", exact=True).press_sequentially("ine")
    page.get_by_role("option", name="Inés Roldán").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="BCC").fill("jon@farm.example,")
    page.get_by_role("combobox", name="BCC").press("Tab")
    expect(page.locator("[data-receivers]")).to_have_text(
        "Joaquín Belmonte, Inés Roldán (CC), and jon@farm.example (BCC) will receive it"
    )
    expect(page.locator(".person.hidden-copy")).to_have_count(1)
    _write(page, "x")
    _send(page)
    fields = desk.sent("POST", "/replies/")[0]
    assert fields["cc"] == ['"Inés Roldán" <ines@farm.example>']
    assert fields["bcc"] == ["jon@farm.example"]
    expect(page.locator(".person.hidden-copy")).to_have_count(0)


def test_wrong_and_own_addresses_are_refused_where_they_stand(show: Show, desk: Desk) -> None:
    page = show()
    field = page.get_by_role("combobox", name="CC", exact=True)
    field.fill("ines@farm")
    field.press("Enter")
    expect(page.get_by_text("ines@farm is not an e-mail address")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Send Ctrl").click()
    expect(field).to_be_focused()
    assert not desk.sent("POST", "/replies/")
    field.fill("service@dealer.example")
    field.press("Enter")
    expect(page.get_by_text("this team's own address")).to_be_visible()


def test_enter_takes_what_is_typed_and_not_a_suggestion_for_an_earlier_text(show: Show, desk: Desk) -> None:
    page = show()
    field = page.get_by_role("combobox", name="CC", exact=True)
    field.fill("ine")
    page.get_by_role("option", name="Inés Roldán").wait_for()
    field.fill("jon@farm.example")
    field.press("Enter")
    expect(page.locator('[data-chip="cc"]')).to_have_text(["jon@farm.example"])


def test_a_list_of_addresses_is_pasted_as_chips(show: Show, desk: Desk) -> None:
    page = show()
    page.get_by_role("combobox", name="CC", exact=True).fill(
        '"Roldán, Inés" <ines@farm.example>; jon@farm.example'
    )
    page.get_by_role("combobox", name="CC", exact=True).press("Enter")
    expect(page.locator('[data-chip="cc"]')).to_have_text(["Roldán, Inés", "jon@farm.example"])
    page.get_by_role("combobox", name="CC", exact=True).press("Backspace")
    expect(page.locator('[data-chip="cc"]')).to_have_count(1)


def test_a_draft_is_saved_and_comes_back(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "Half a thought")
    expect(page.get_by_text("Draft saved 10:44")).to_be_visible()
    assert desk.sent("POST", "/drafts/email/")[-1]["html"] == ["<div>Half a thought</div>"]
    desk.pages[TICKET] = ticket_page(draft="&lt;div&gt;Half a &lt;b&gt;thought&lt;/b&gt;&lt;/div&gt;")
    page.reload()
    expect(page.locator(f"{WRITING} b")).to_have_text("thought")


def test_text_survives_a_server_that_cannot_save(show: Show, desk: Desk) -> None:
    desk.answers["POST", "/drafts/email/"] = [Answer(500, "broken")]
    page = show()
    _write(page, "Do not lose me")
    expect(page.get_by_text("Draft kept on this device")).to_be_visible()
    page.reload()
    expect(page.locator(WRITING)).to_have_text("Do not lose me")


def test_another_window_s_text_is_shown_and_both_can_stay(show: Show, desk: Desk) -> None:
    other = {"words": "You have written something else here", "text": "Theirs", "html": "<div>Theirs</div>"}
    saved = as_json({"words": "Draft saved 10:46", "state": "2026-11-24T10:46:00+00:00"})
    state = "2026-11-24T10:45:00+00:00"
    desk.answers["POST", "/drafts/email/"] = [as_json({**other, "state": state}, 409), saved]
    page = show()
    _write(page, "Mine")
    expect(page.locator("[data-notice] blockquote")).to_have_text("Theirs")
    page.get_by_role("button", name="Put both here").click()
    expect(page.get_by_text("Draft saved 10:46")).to_be_visible()
    both = desk.sent("POST", "/drafts/email/")[-1]
    assert (both["html"], both["based_on"]) == (["<div>Theirs</div><div>Mine</div>"], [state])


def test_a_slash_where_a_line_begins_finds_a_saved_reply(show: Show, desk: Desk) -> None:
    replies = [
        {"name": "Hours", "html": "<p>We open at <b>8</b></p>", "text": "We open at 8", "own": False},
        {"name": "Taller", "html": "<p>Está aquí</p>", "text": "Está aquí", "own": True},
    ]
    desk.answers["GET", "/saved-replies/"] = [as_json({"replies": replies})]
    page = show()
    _write(page, "/")
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("searchbox").fill("esta")
    expect(dialog.get_by_role("button")).to_have_text(["TallerEstá aquí"])
    dialog.get_by_role("searchbox").fill("hours")
    page.keyboard.press("Enter")
    expect(page.locator(f"{WRITING} b")).to_have_text("8")
    page.keyboard.type(" and/or 9")
    expect(page.locator(WRITING)).to_contain_text("and/or 9")


def test_something_newer_stops_the_sending_and_keeps_the_text(show: Show, desk: Desk) -> None:
    notice = (
        '<div class="notice accent" data-newer="103"><b>Inés answered</b>'
        '<a href="#activity-102" data-see>Show</a>'
        '<button type="submit" form="composer-email" name="anyway" value="1">Send anyway</button></div>'
    )
    desk.answers["POST", "/replies/"].insert(0, Answer(409, notice))
    page = show()
    _write(page, "My answer")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Inés answered")).to_be_visible()
    expect(page.locator(WRITING)).to_have_text("My answer")
    page.get_by_role("button", name="Send anyway").click()
    page.wait_for_selector(".toast")
    first, second = desk.sent("POST", "/replies/")
    assert "anyway" not in first and second["anyway"] == ["1"]
    assert first["key"] == second["key"]


def test_reading_the_newer_message_makes_it_known(show: Show, desk: Desk) -> None:
    notice = '<div class="notice" data-newer="103"><a href="#activity-102" data-see>Show</a></div>'
    desk.answers["POST", "/replies/"].insert(0, Answer(409, notice))
    page = show()
    _write(page, "My answer")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Show", exact=True).click()
    expect(page.locator("#activity-102")).to_be_focused()
    assert page.locator("#composer-email [name=seen]").input_value() == "103"


def test_no_answer_keeps_the_text_and_the_key(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "Important")
    key = page.locator("#composer-email [name=key]").input_value()
    page.route("**/replies/", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("It was not sent")).to_be_visible()
    page.unroute("**/replies/")
    page.keyboard.press("Control+Enter")
    page.locator(WRITING).focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".toast")
    assert desk.sent("POST", "/replies/")[0]["key"] == [key]
    assert page.locator("#composer-email [name=key]").input_value() != key


def test_two_quick_presses_send_once(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "Once")
    page.evaluate(
        "() => { const f = document.getElementById('composer-email'); f.requestSubmit(); f.requestSubmit(); }"
    )
    page.wait_for_selector(".toast")
    assert len(desk.sent("POST", "/replies/")) == 1


def test_sending_can_be_taken_back_and_the_draft_returns(show: Show, desk: Desk) -> None:
    desk.answers["DELETE", "/outgoing/77/"] = [as_json({"url": TICKET})]
    page = show()
    _write(page, "Too early")
    _send(page)
    expect(page.locator(".toast [aria-hidden=true].grow")).to_contain_text("Leaves in")
    expect(page.locator(WRITING)).to_have_text("")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(WRITING)).to_have_text("Too early")
    assert desk.sent("DELETE", "/outgoing/77/")


def test_what_is_taken_back_stands_above_what_was_begun_since(show: Show, desk: Desk) -> None:
    desk.answers["DELETE", "/outgoing/77/"] = [as_json({"url": TICKET})]
    page = show()
    _write(page, "Too early")
    _send(page)
    _write(page, "And then")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"{WRITING} > *")).to_have_text(["Too early", "And then"])


def test_the_offer_to_take_back_survives_another_page(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "Too early")
    _send(page)
    page.reload()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_send_and_close_says_so(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "Done")
    page.get_by_role("button", name="Other ways to send").click()
    page.get_by_role("menuitem", name="Send and close").click()
    page.wait_for_selector(".toast")
    assert desk.sent("POST", "/replies/")[0]["then"] == ["close"]


def test_a_note_has_its_own_text_and_leads_back(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "For the customer")
    page.get_by_role("button", name="Internal note").click()
    note = page.locator("#composer-note .rich-text")
    expect(note).to_be_focused()
    expect(note).to_have_text("")
    page.keyboard.type("Between us")
    page.locator("#composer-note").get_by_role("button", name="Internal note").click()
    expect(page.locator(WRITING)).to_have_text("For the customer")
    page.get_by_role("button", name="E-mail").click()
    page.get_by_role("menuitemradio", name="Internal note").click()
    page.get_by_role("button", name="Save note").click()
    page.wait_for_selector(".toast")
    assert desk.sent("POST", "/notes/")[0]["html"] == ["<div>Between us</div>"]


def test_the_reply_key_opens_what_is_folded_and_leaves_a_note_alone(show: Show, desk: Desk) -> None:
    page = show()
    page.locator("#composer-email [data-fold]").click()
    expect(page.locator("#composer-email")).to_be_hidden()
    page.keyboard.press("r")
    expect(page.locator(WRITING)).to_be_focused()
    page.get_by_role("button", name="Internal note").click()
    page.keyboard.type("Between us")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator(WRITING)).to_be_focused()
    expect(page.locator("#composer-note .rich-text")).to_have_text("Between us")


def test_escape_leaves_the_text_and_saves_it(show: Show, desk: Desk) -> None:
    page = show()
    _write(page, "Wait")
    page.keyboard.press("Escape")
    expect(page.locator("#timeline")).to_be_focused()
    expect(page.locator(WRITING)).to_have_text("Wait")
    expect(page.get_by_text("Draft saved 10:44")).to_be_visible()


def test_without_a_signature_its_preview_goes(show: Show, desk: Desk) -> None:
    page = show()
    page.get_by_label("Include my signature").uncheck()
    expect(page.locator(".signature-preview")).to_be_hidden()
    _write(page, "x")
    _send(page)
    assert "signature" not in desk.sent("POST", "/replies/")[0]


def test_without_scripts_the_form_is_a_form(browser, desk: Desk) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(desk.address + TICKET)
    page.get_by_label("Message").fill("Plain")
    page.get_by_role("button", name="Send Ctrl").click()
    fields = desk.sent("POST", "/replies/")[0]
    assert fields["text"] == ["Plain"]
    assert fields["to"] == ["Joaquín Belmonte <joaquin@farm.example>"]
    assert "html" not in fields
    page.context.close()


def test_address_lists_are_read_as_the_rfc_writes_them(show: Show) -> None:
    page = show()
    read = page.evaluate(
        """async (text) => {
            const { parseAddresses, formatAddresses } = await import("/static/emailhub/js/addresses.js");
            const people = parseAddresses(text);
            return [people, parseAddresses(formatAddresses(people))];
        }""",
        '"Roldán, \\"Inés\\"" <ines@farm.example>, jon@farm.example; Ana <a@b.example>\n',
    )
    assert read[0] == [
        {"name": 'Roldán, "Inés"', "address": "ines@farm.example"},
        {"name": "", "address": "jon@farm.example"},
        {"name": "Ana", "address": "a@b.example"},
    ]
    assert read[0] == read[1]


def test_a_picture_of_a_draft_stays_attached(show: Show, desk: Desk) -> None:
    picture = "&lt;div&gt;See &lt;img src='/pictures/9/' data-cid='c9@x' data-file='9'&gt;&lt;/div&gt;"
    desk.pages[TICKET] = ticket_page(draft=picture)
    page = show()
    page.locator(f"{WRITING} img").wait_for()
    _send(page)
    fields = desk.sent("POST", "/replies/")[0]
    assert fields["attachments"] == ["9"]
    assert 'data-cid="c9@x"' in fields["html"][0]


def test_a_session_that_ended_loses_no_draft(show: Show, desk: Desk) -> None:
    page = show()
    page.route("**/drafts/email/", lambda route: route.fulfill(status=302, headers={"location": "/sign-in/"}))
    desk.pages["/sign-in/"] = "Sign in"
    _write(page, "Do not lose me")
    expect(page.get_by_text("Draft kept on this device")).to_be_visible()
    page.reload()
    expect(page.locator(WRITING)).to_have_text("Do not lose me")

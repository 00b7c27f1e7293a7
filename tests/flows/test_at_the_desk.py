"""What advisors do in the browser, and what leaves the house of it."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from playwright.sync_api import Page, expect

from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Contact, Ticket
from tests.cast import PASSWORD, Cast
from tests.letters import letter

from .browser import NOTE, WRITING, add_person, ready_composer, send, write
from .conftest import OpenDesk
from .mails import BEA, CARLA, JON
from .product import Product

TICKET = "/tickets/1/"
SAVED = re.compile(r"Draft saved")


@pytest.fixture(autouse=True)
def ticket(product: Product) -> None:
    """A ticket of Carla's in Service. Its number is 1."""
    product.mail(letter(CARLA, subject="The pump leaks", message_id="first@customer.example"))
    product.wait_until_idle()


def open_ticket(desk_of: OpenDesk, advisor: object) -> Page:
    page = desk_of(advisor, TICKET)
    ready_composer(page)
    return page


def test_two_who_send_at_once_are_told_and_lose_nothing(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    ben, ana = open_ticket(desk_of, people.ben), open_ticket(desk_of, people.ana)
    write(ben, "Ben comes on Monday.")
    add_person(ben, "cc", JON)
    write(ana, "Ana comes on Friday.")
    send(ana)
    ben.locator("#composer-email [data-send]").click()
    expect(ben.locator("#composer-email [data-notice]")).to_contain_text("Something new arrived")
    expect(ben.locator(WRITING)).to_have_text("Ben comes on Monday.")
    expect(ben.locator("#timeline")).to_contain_text("Ana comes on Friday.")
    ben.reload()
    expect(ben.locator(WRITING)).to_have_text("Ben comes on Monday.")
    assert len(product.wait_for_sent()) == 1


def test_who_has_read_it_sends_anyway(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    ben, ana = open_ticket(desk_of, people.ben), open_ticket(desk_of, people.ana)
    write(ben, "Ben comes on Monday.")
    write(ana, "Ana comes on Friday.")
    send(ana)
    ben.locator("#composer-email [data-send]").click()
    ben.get_by_role("button", name="Send anyway").click()
    ben.locator(".toast").first.wait_for()
    texts = [mail.body("plain").splitlines()[0] for mail in product.wait_for_sent(2)]
    assert texts == ["Ana comes on Friday.", "Ben comes on Monday."]
    expect(ben.locator(WRITING)).to_have_text("")


def test_within_the_seconds_a_mail_is_taken_back(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = open_ticket(desk_of, people.ana)
    write(page, "We come on Mnday.")
    add_person(page, "cc", JON)
    send(page)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Not sent; it is a draft again")
    expect(page.locator(WRITING)).to_have_text("We come on Mnday.")
    expect(page.locator("article.message.ours")).to_have_count(0)
    page.reload()
    expect(page.locator(WRITING)).to_have_text("We come on Mnday.")
    expect(page.locator('[data-chip="cc"]')).to_have_text("Jon Tahko")
    expect(page.get_by_role("button", name="Nobody")).to_be_visible()
    product.wait_until_idle()
    assert not product.sent


def test_what_was_taken_back_can_be_sent_again_once(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    page = open_ticket(desk_of, people.ana)
    write(page, "We come on Monday")
    send(page)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(WRITING)).to_have_text("We come on Monday")
    write(page, " at nine.")
    page.locator("#composer-email [data-send]").click()
    product.wait_for_sent()
    product.wait_until_idle()
    (sent,) = product.sent
    assert sent.body("plain").startswith("We come on Monday at nine.")


def test_a_note_never_leaves(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = open_ticket(desk_of, people.ana)
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("n")
    page.locator(NOTE).wait_for()
    expect(page.locator("#composer-note .to-note")).to_have_attribute("aria-pressed", "true")
    write(page, "She has not paid.", NOTE)
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("article.message.note")).to_contain_text("She has not paid.")
    product.wait_until_idle()
    assert not product.sent
    with company(people.dealer.id):
        assert Ticket.objects.get(number=1).assignee is None


def test_a_note_is_not_quoted_to_the_customer(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = open_ticket(desk_of, people.ana)
    page.locator("#composer-email .to-note").click()
    write(page, "She has not paid.", NOTE)
    page.get_by_role("button", name="Save note").click()
    page.locator("article.message.note").wait_for()
    page.locator("#composer-note .to-note").click()
    ready_composer(page)
    write(page, "We come on Monday.")
    send(page)
    (sent,) = product.wait_for_sent()
    assert b"paid" not in sent.raw


def test_drafts_survive_reload_and_switching(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = open_ticket(desk_of, people.ana)
    write(page, "Half a sentence")
    add_person(page, "bcc", BEA)
    expect(page.locator("#composer-email [data-saved]")).to_contain_text(SAVED)
    page.locator("#composer-email .to-note").click()
    page.locator(NOTE).wait_for()
    write(page, "Half a note", NOTE)
    expect(page.locator("#composer-note [data-saved]")).to_contain_text(SAVED)
    page.reload()
    expect(ready_composer(page)).to_have_text("Half a sentence")
    expect(page.locator('[data-chip="bcc"]')).to_have_text("Bea Sanz")
    page.locator("#composer-email .to-note").click()
    expect(page.locator(NOTE)).to_have_text("Half a note")
    other = open_ticket(desk_of, people.ben)
    expect(other.locator(WRITING)).to_have_text("")
    assert not product.sent


def test_an_advisor_opens_a_ticket_and_the_answer_joins_it(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    with company(people.dealer.id):
        create_contact(people.dealer, name="Gala Mota", address="gala@garden.example")
    page = desk_of(people.ana)
    page.keyboard.press("c")
    ready_composer(page)
    page.locator("#to").press_sequentially("gala")
    page.get_by_role("option", name="Gala Mota").click()
    page.locator("#subject").fill("Your new tractor")
    write(page, "It has arrived.")
    page.locator("#composer-email [data-send]").click()
    page.wait_for_url(re.compile(r"/tickets/2/"))
    expect(page.locator("#timeline")).to_contain_text("It has arrived.")
    (sent,) = product.wait_for_sent()
    assert sent.rcpt_to == ("gala@garden.example",)
    assert sent.message["Subject"] == "Your new tractor"
    assert sent.message["In-Reply-To"] is None
    product.mail(
        letter(
            "Gala <gala@garden.example>",
            subject="Re: Your new tractor",
            text="How nice!",
            in_reply_to=sent.message_id,
        )
    )
    expect(page.locator("#timeline")).to_contain_text("How nice!")
    with company(people.dealer.id):
        assert Ticket.objects.count() == 2
        assert Ticket.objects.get(number=2).assignee == people.ana


@pytest.mark.parametrize("words", ["carla", "Carla Ruiz", "leaks again", "pump", "carla@customer.example"])
def test_search_finds_the_ticket(people: Cast, desk_of: OpenDesk, words: str) -> None:
    page = desk_of(people.ana)
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator(".results-found").last).to_contain_text("The pump leaks")


@pytest.mark.parametrize("number", ["1", "#1"])
def test_search_by_number_leads_to_the_ticket(people: Cast, desk_of: OpenDesk, number: str) -> None:
    page = desk_of(people.ana)
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator("#ticket-title")).to_have_text("The pump leaks")


def test_a_contact_is_edited_in_place(people: Cast, desk_of: OpenDesk) -> None:
    page = open_ticket(desk_of, people.ana)
    page.evaluate("window.notReloaded = true")
    card = page.locator("#contact-card")
    card.get_by_role("button", name="Edit contact").click()
    card.get_by_label("Name").fill("Carla Ruiz Soto")
    card.get_by_role("button", name="Add email").click()
    card.get_by_label("Email address", exact=True).last.fill("carla.private@home.example")
    card.get_by_role("button", name="Save").click()
    expect(card.locator("[data-show]")).to_contain_text("carla.private@home.example")
    expect(card.locator("[data-show]")).to_contain_text("Carla Ruiz Soto")
    assert page.evaluate("window.notReloaded")
    with company(people.dealer.id):
        contact = Contact.objects.get(pk=people.carla.pk)
        assert contact.name == "Carla Ruiz Soto"
        assert contact.emails.count() == 2


def test_an_address_of_another_contact_is_refused_in_place(people: Cast, desk_of: OpenDesk) -> None:
    with company(people.dealer.id):
        create_contact(people.dealer, name="Gala Mota", address="gala@garden.example")
    page = open_ticket(desk_of, people.ana)
    card = page.locator("#contact-card")
    card.get_by_role("button", name="Edit contact").click()
    card.get_by_role("button", name="Add email").click()
    card.get_by_label("Email address", exact=True).last.fill("gala@garden.example")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_role("alert")).to_contain_text("already belongs to Gala Mota")


def test_assign_and_close_by_keyboard(people: Cast, desk_of: OpenDesk) -> None:
    page = open_ticket(desk_of, people.ana)
    other = open_ticket(desk_of, people.ben)
    page.locator("#main").focus()
    page.keyboard.press("a")
    page.locator("#assignee-menu").wait_for()
    page.keyboard.type("B")
    expect(page.locator("#assignee-menu [role=menuitemradio]", has_text="Ben")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[popovertarget=assignee-menu]")).to_contain_text("Ben")
    expect(other.locator("[popovertarget=assignee-menu]")).to_contain_text("Ben")
    page.locator("#main").focus()
    page.keyboard.press("e")
    expect(page.locator("[popovertarget=status-menu]")).to_have_text("Closed")
    expect(other.locator("[popovertarget=status-menu]")).to_have_text("Closed")
    expect(other.locator("#timeline")).to_contain_text("Ana closed the ticket")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.locator("[data-rows]")).to_contain_text("The pump leaks")


def test_send_and_wait_puts_it_among_the_waiting(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = open_ticket(desk_of, people.ana)
    write(page, "Which model is it?")
    page.get_by_role("button", name="Other ways to send").click()
    page.get_by_role("menuitem", name="Send and wait").click()
    expect(page.locator("[popovertarget=status-menu]")).to_have_text("Waiting")
    product.wait_for_sent()
    product.mail(letter(CARLA, subject="Re: The pump leaks", text="The green one."))
    expect(page.locator("[popovertarget=status-menu]")).to_have_text("Open")


def test_the_signature_of_the_profile_leaves_once(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = desk_of(people.ana, "/profile/")
    page.locator(".rich .rich-text").click()
    page.keyboard.type("Ana Ferrer, Dealer Group")
    page.get_by_role("button", name="Save signature").click()
    expect(page.locator(".signature-preview")).to_have_text("Ana Ferrer, Dealer Group")
    page.goto(product.url + TICKET)
    ready_composer(page)
    expect(page.locator("#composer-email .signature-preview")).to_be_visible()
    write(page, "We come on Monday.")
    send(page)
    (sent,) = product.wait_for_sent()
    for subtype in ("plain", "html"):
        assert sent.body(subtype).count("Ana Ferrer, Dealer Group") == 1


def test_who_may_only_read_has_nothing_to_write_with(people: Cast, desk_of: OpenDesk) -> None:
    page = desk_of(people.vera, TICKET)
    expect(page.locator("#timeline")).to_contain_text("the pump leaks again")
    for absent in ("#composer", "[data-edit]", "[data-key=e]", "[data-key=c]", "[popovertarget=status-menu]"):
        expect(page.locator(absent)).to_have_count(0)


def test_sign_in_at_the_door_and_out_again(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    user = people.ana.user
    user.password = ScryptPasswordHasher().encode(PASSWORD, "salt")
    user.save(update_fields=["password"])
    page = desk_of(None)
    page.get_by_label("Email").fill("ana@dealer.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("[data-rows]")).to_contain_text("The pump leaks")
    page.locator(".rail-me").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(product.url + TICKET)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_signing_out_in_one_tab_ends_the_stream_of_the_others(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    page = open_ticket(desk_of, people.ana)
    second = page.context.new_page()
    second.goto(product.url + "/tickets/")
    with page.expect_response(lambda answer: answer.url.endswith("/events") and answer.status == 403):
        second.locator(".rail-me").click()
        second.get_by_role("menuitem", name="Sign out").click()


HOSTILE_NAME = 'Eve"\r\nBcc: victim@elsewhere.example\r\nX: '


def test_line_ends_in_fields_do_not_become_header_lines(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    """The form is posted as a program would post it: no browser field takes a line end."""
    page = open_ticket(desk_of, people.ana)
    write(page, "We come on Monday.")
    with company(people.dealer.id):
        people.service.name = "Service\r\nBcc: victim@elsewhere.example"
        people.service.save()
        people.ana.user.name = "Ana\r\nBcc: victim@elsewhere.example"
        people.ana.user.save()
    status = page.evaluate(
        """async (name) => {
            const form = document.getElementById("composer-email");
            const body = new FormData(form);
            body.set("subject", "Re: pump\\r\\nBcc: victim@elsewhere.example\\r\\n\\r\\nBody");
            body.set("to", `"${name}" <carla@customer.example>`);
            body.set("cc", "Jon\\r\\nBcc: victim@elsewhere.example <jon@workshop.example>");
            body.set("sure", "1"); body.set("text", "Monday"); body.set("html", "<p>Monday</p>");
            const answer = await fetch(form.action, { method: "POST", body });
            return answer.status;
        }""",
        HOSTILE_NAME,
    )
    assert status in (200, 422)
    product.wait_until_idle()
    for sent in product.sent:
        head = sent.raw.split(b"\r\n\r\n")[0]
        assert not re.search(rb"^(bcc|x):", head, re.IGNORECASE | re.MULTILINE)
        assert sent.message["Bcc"] is None
        assert "victim@elsewhere.example" not in sent.rcpt_to
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n", sent.raw)

"""A mail becomes a ticket, an answer becomes a mail, and what comes back finds its place."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, Route, expect

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Message, Ticket
from emailhub.hub.models import Identity
from emailhub.intake.models import ReceivedMessage
from tests.cast import Cast
from tests.letters import letter

from .browser import add_person, paste_picture, ready_composer, send, write
from .conftest import OpenDesk
from .mails import BEA, CARLA, JON, NORA, bounce, mail_with_everything
from .pictures import picture
from .product import Product, Sent

PAPER = b"%PDF-1.7 an offer"
CARLAS_ID = "first@customer.example"


def arrive(product: Product, raw: bytes, mail_from: str = "mailer@customer.example") -> None:
    """The mail comes in and is processed."""
    product.mail(raw, mail_from=mail_from)
    product.wait_until_idle()


def carlas_first(product: Product, *, cc: str = "") -> None:
    arrive(product, letter(CARLA, cc=cc, subject="The pump leaks", message_id=CARLAS_ID))


def answer(product: Product, page: Page, text: str = "We come on Monday.") -> Sent:
    """Answer in the open ticket, and wait until it has left."""
    before = len(product.sent)
    ready_composer(page)
    write(page, text)
    send(page)
    return product.wait_for_sent(before + 1)[-1]


def subjects_of(people: Cast, number: int) -> list[str]:
    """The subjects of a ticket's mails, oldest first."""
    with company(people.dealer.id):
        found = Message.objects.filter(ticket__number=number).order_by("id")
        return list(found.values_list("subject", flat=True))


def count_tickets(people: Cast) -> int:
    with company(people.dealer.id):
        return Ticket.objects.count()


def test_a_strangers_mail_appears_without_reload_and_shows_all_of_itself(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    page = desk_of(people.ana, "/tickets/?view=unassigned")
    page.evaluate("window.notReloaded = true")
    product.mail(mail_with_everything(picture(), PAPER), mail_from="mallory@evil.example")
    page.locator("#fresh:not([hidden])").wait_for()
    assert page.evaluate("window.notReloaded")
    page.locator("#fresh").click()
    page.get_by_role("link", name="Mallory Stone").click()
    body = page.frame_locator("iframe.mail-frame")
    expect(body.locator("b")).to_have_text("this")
    shown = body.get_by_role("img", name="The pump")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 24
    with page.expect_download() as download:
        page.get_by_role("link", name="offer.pdf").click()
    assert download.value.path().read_bytes() == PAPER
    expect(page.locator("#contact-card")).to_contain_text("mallory@evil.example")
    expect(page.get_by_role("button", name="Nobody")).to_be_visible()


def test_the_next_mail_appears_in_the_open_ticket(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    carlas_first(product)
    page = desk_of(people.ana, "/tickets/1/")
    page.evaluate("window.notReloaded = true")
    product.mail(letter(CARLA, subject="Re: The pump leaks", text="And now it smokes."))
    expect(page.locator("#timeline")).to_contain_text("And now it smokes.")
    assert page.evaluate("window.notReloaded")


def test_a_mail_that_is_filed_before_the_page_listens_appears_all_the_same(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    carlas_first(product)
    page = desk_of(people.ana, "/profile/")
    waiting: list[Route] = []
    page.route("**/events", lambda route: waiting.append(route))
    page.goto(f"{product.url}/tickets/1/")
    expect(page.locator("#timeline")).to_contain_text("the pump leaks again")
    arrive(product, letter(CARLA, subject="Re: The pump leaks", text="And now it smokes."))
    for route in waiting:
        route.continue_()
    expect(page.locator("#timeline")).to_contain_text("And now it smokes.")


def test_an_answer_leaves_as_it_was_written(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    carlas_first(product)
    page = desk_of(people.ana, "/tickets/1/")
    ready_composer(page)
    write(page, "We come on ")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("Monday")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type(" with a seal")
    _link_the_last_word(page, "dealer.example/seals")
    paste_picture(page, picture())
    for label, person in [("cc", JON), ("cc", NORA), ("bcc", BEA)]:
        add_person(page, label, person)
    send(page)
    (sent,) = product.wait_for_sent()
    message, html = sent.message, sent.body("html")

    assert sorted(sent.rcpt_to) == [
        "bea@auditor.example",
        "carla@customer.example",
        "jon@workshop.example",
        "nora@fields.example",
    ]
    assert message["From"].addresses[0].display_name == "Service"
    assert message["From"].addresses[0].addr_spec == "service.dealer@inbox.example"
    assert [person.addr_spec for person in message["To"].addresses] == ["carla@customer.example"]
    assert {person.addr_spec for person in message["Cc"].addresses} == {
        "jon@workshop.example",
        "nora@fields.example",
    }
    assert message["Bcc"] is None
    assert b"auditor" not in sent.raw
    assert message["In-Reply-To"] == f"<{CARLAS_ID}>"
    assert message["References"].split() == [f"<{CARLAS_ID}>"]
    assert message["Subject"] == "Re: The pump leaks"
    assert sent.mail_from.startswith("bounces+")
    assert "<b>Monday</b>" in html
    assert 'href="https://dealer.example/seals"' in html
    (image,) = [part for part in sent.parts() if part.get_content_type() == "image/png"]
    assert f"cid:{image['Content-ID'].strip('<>')}" in html
    assert image.get_content() == picture()
    text = sent.body("plain")
    assert "We come on Monday with a seal" in text.replace("*", "")
    assert "https://dealer.example/seals" in text
    verbs = [command[:4] for command in product.sink.commands]
    assert (verbs.count("MAIL"), verbs.count("RCPT")) == (1, 4)
    expect(page.locator(".message.ours .state")).to_contain_text("Sent")


def _link_the_last_word(page: Page, address: str) -> None:
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_role("textbox", name="Web address").fill(address)
    page.get_by_role("button", name="Set the link").click()
    page.keyboard.press("Control+End")


def test_a_copied_persons_answer_with_references_alone_joins(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    carlas_first(product)
    page = desk_of(people.ana, "/tickets/1/")
    ready_composer(page)
    add_person(page, "cc", JON)
    sent = answer(product, page)
    product.mail(
        letter(JON, subject="AW: Pump", text="I lend a hand.", references=f"{CARLAS_ID} {sent.message_id}"),
        mail_from="jon@workshop.example",
    )
    joined = page.locator("article.message", has_text="I lend a hand.")
    joined.wait_for()
    expect(joined.locator(".badge", has_text="CC")).to_be_visible()
    assert count_tickets(people) == 1


def test_a_copied_person_answers_the_customers_own_mail(product: Product, people: Cast) -> None:
    carlas_first(product, cc=JON)
    arrive(product, letter(JON, subject="Re: The pump leaks", in_reply_to=CARLAS_ID, references=CARLAS_ID))
    assert subjects_of(people, 1) == ["The pump leaks", "Re: The pump leaks"]
    assert count_tickets(people) == 1


def test_a_hidden_persons_answer_stays_hidden(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    carlas_first(product)
    page = desk_of(people.ana, "/tickets/1/")
    ready_composer(page)
    add_person(page, "bcc", BEA)
    first = answer(product, page)
    assert "bea@auditor.example" in first.rcpt_to
    secret = letter(BEA, subject="Re: The pump leaks", text="Charge them more.", in_reply_to=first.message_id)
    product.mail(secret, mail_from="bea@auditor.example")
    hidden = page.locator("article.message", has_text="Charge them more.")
    expect(hidden.locator(".badge", has_text="Was in BCC")).to_be_visible()
    page.reload()
    expect(page.locator("#composer")).to_contain_text("was in BCC and wrote last")
    second = answer(product, page, "The price stays as it is.")
    assert second.rcpt_to == ("carla@customer.example",)
    for word in (b"auditor", b"Bea", b"Charge them"):
        assert word not in second.raw
    assert count_tickets(people) == 1


def test_a_fresh_mail_of_a_customer_joins_the_open_ticket(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    carlas_first(product)
    arrive(product, letter(CARLA, subject="Where is my invoice?"))
    assert subjects_of(people, 1) == ["The pump leaks", "Where is my invoice?"]
    page = desk_of(people.ana, "/tickets/1/")
    expect(page.locator("article.message")).to_have_count(2)


def test_an_answer_within_the_window_opens_the_ticket_again(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    carlas_first(product)
    page = desk_of(people.ana, "/tickets/1/")
    sent = answer(product, page)
    page.get_by_role("button", name="Close e", exact=False).first.click()
    expect(page.locator(".ticket-details")).to_contain_text("Closed")
    product.mail(letter(CARLA, subject="Re: The pump leaks", text="Still wet.", in_reply_to=sent.message_id))
    expect(page.locator("#timeline")).to_contain_text("Reopened by the customer's answer")
    expect(page.locator(".ticket-details")).to_contain_text("Open")
    assert count_tickets(people) == 1


def test_without_a_window_the_answer_becomes_a_linked_ticket(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    with company(people.dealer.id):
        Identity.objects.filter(team=people.service).update(reopen_days=0)
    carlas_first(product)
    page = desk_of(people.ana, "/tickets/1/")
    sent = answer(product, page)
    page.locator("[data-key=e]:visible").click()
    expect(page.locator(".ticket-details")).to_contain_text("Closed")
    arrive(product, letter(CARLA, subject="Re: The pump leaks", text="Wet.", in_reply_to=sent.message_id))
    page.goto(f"{product.url}/tickets/2/")
    expect(page.locator("#timeline")).to_contain_text("Wet.")
    expect(page.locator(".ticket-details .related")).to_contain_text("#1")
    page.goto(f"{product.url}/tickets/1/")
    expect(page.locator(".ticket-details .related")).to_contain_text("#2")
    expect(page.locator(".ticket-details")).to_contain_text("Closed")


def test_a_fresh_mail_after_closing_makes_a_new_ticket(product: Product, people: Cast) -> None:
    carlas_first(product)
    with company(people.dealer.id):
        ticket = Ticket.objects.get(number=1)
        ticket.close(by=people.ana, now=ticket.last_activity_at + timedelta(minutes=1))
    arrive(product, letter(CARLA, subject="A new pump"))
    assert subjects_of(people, 2) == ["A new pump"]


def test_a_delivery_report_shows_on_the_message(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    carlas_first(product)
    page = desk_of(people.ana, "/tickets/1/")
    sent = answer(product, page)
    expect(page.locator(".message.ours .state")).to_contain_text("Sent")
    report = bounce(sent.mail_from, "carla@customer.example", sent.raw)
    product.mail(report, to=sent.mail_from, mail_from="")
    failed = page.locator(".message.ours.failed")
    expect(failed).to_contain_text("Not delivered")
    expect(failed).to_contain_text("550 5.1.1")
    expect(page.locator("p.event.danger")).to_contain_text("carla@customer.example")
    assert count_tickets(people) == 1


def test_a_mail_that_is_delivered_twice_is_one_message(product: Product, people: Cast) -> None:
    raw = letter(CARLA, message_id=CARLAS_ID)
    arrive(product, raw)
    arrive(product, b"Received: from elsewhere.example\r\n" + raw)
    assert subjects_of(people, 1) == ["The pump leaks"]
    assert count_tickets(people) == 1
    with company(people.dealer.id):
        outcomes = list(ReceivedMessage.objects.order_by("id").values_list("outcome", flat=True))
    assert outcomes == ["ticket", "duplicate"]

"""From the customers' page through the listener to the ticket, and back to the page."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.channels.smtp.receive import Listener
from emailhub.desk.models import Contact, Message, Ticket
from tests.cast import CARLA, Cast
from tests.post import SERVICE, drain


@pytest.fixture
def page(demo: Cast, listener: Listener) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(demo.ana.user)
    return client


def write(page: Client, **fields: object) -> str:
    """Send a letter and return where the page goes."""
    form = {
        "as": CARLA,
        "to": SERVICE,
        "subject": "Oil",
        "text": "It leaks.",
        **fields,
    }
    answer = page.post("/demo/mail/letters/", form)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def test_a_letter_becomes_a_ticket_and_the_page_says_how(page: Client, demo: Cast) -> None:
    place = write(page, photo="on", files=SimpleUploadedFile("hours.pdf", b"%PDF-1.4", "application/pdf"))
    waiting = page.get(place).content.decode()
    assert "On its way" in waiting
    assert "hx-get" in waiting
    drain()
    known = page.get(place).content.decode()
    assert "A new ticket was made" in known
    assert 'href="/tickets/1/"' in known
    assert "hx-get" not in known
    with company(demo.dealer.id):
        message = Message.objects.get()
        assert message.sender_address == CARLA
        assert message.contact_id == demo.carla.id
        files = {file.filename: file.is_inline for file in message.activity.attachments.all()}
    assert files == {"photo.png": True, "hours.pdf": False}


def test_a_stranger_becomes_a_contact_to_confirm(page: Client, demo: Cast) -> None:
    write(page, **{"as": "alex.moreno@nuevo.example"})
    drain()
    with company(demo.dealer.id):
        contact = Contact.objects.get(emails__address="alex.moreno@nuevo.example")
    assert contact.name == "Alex Moreno"
    assert contact.confirmed_at is None


def test_an_automatic_reply_is_marked_as_one(page: Client, demo: Cast) -> None:
    write(page, automatic="on")
    drain()
    with company(demo.dealer.id):
        assert Message.objects.get().automatic
        assert Ticket.objects.get().needs_reply_since is None


def test_an_address_that_nobody_has_is_refused_in_the_listeners_words(page: Client, demo: Cast) -> None:
    form = {"as": CARLA, "to": "nobody.dealer@inbox.example", "subject": "Oil", "text": "It leaks."}
    answer = page.post("/demo/mail/letters/", form)
    assert answer.status_code == 400
    assert re.search(r"refused.*550.*5\.1\.1", answer.content.decode())


def test_without_a_listener_the_text_is_kept(
    page: Client, demo: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMAILHUB_SMTP_PORT", "0")
    form = {"as": CARLA, "to": SERVICE, "subject": "Oil", "text": "My long letter"}
    answer = page.post("/demo/mail/letters/", form)
    assert answer.status_code == 400
    assert "does not answer" in answer.content.decode()
    assert "My long letter" in answer.content.decode()


def test_the_page_stops_asking_after_a_while(page: Client, demo: Cast) -> None:
    piece = page.get(
        "/demo/mail/outcome/", {"sent": "unknown@customer.example", "tried": "20"}
    ).content.decode()
    assert "hx-get" not in piece
    assert "not by a team of this company" in piece

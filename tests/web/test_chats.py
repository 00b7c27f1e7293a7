"""/tickets/1/chats/: a text message from the composer, and how the timeline shows chat."""

from __future__ import annotations

import uuid

from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.desk.chat_states import report_state
from emailhub.desk.contacts import add_phone
from emailhub.desk.models import ChatMessage, Ticket
from emailhub.texting import TextState
from tests.cast import Cast
from tests.texting_lines import CARLAS, WHATSAPP, connect

CHATS = "/tickets/1/chats/"
FRAGMENT = {"HX-Request": "true"}


def form(**changes: str) -> dict[str, str]:
    return {"text": "See <b>you</b> https://dealer.example", "key": str(uuid.uuid4()), **changes}


def test_a_chat_is_sent_and_shown_as_text_with_what_became_of_it(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    with company(cast.dealer.id):
        connect(cast.dealer)
        add_phone(cast.carla, CARLAS)
    written = form()
    sent = ana.post(CHATS, written, headers=FRAGMENT)
    assert (sent.status_code, sent.json()["words"]) == (201, "On its way to +34 600 11 12 22")
    assert ana.post(CHATS, written, headers=FRAGMENT).json()["activity"] == sent.json()["activity"]
    shown = ana.get("/tickets/1/").content.decode()
    assert "See &lt;b&gt;you&lt;/b&gt;" in shown
    assert "on its way" in shown
    with company(cast.dealer.id):
        chat = ChatMessage.objects.get()
        now = chat.activity.at
        report_state(chat.key, gateway_id="SM1", state=TextState.FAILED, error_code="30006", now=now)
    shown = ana.get("/tickets/1/").content.decode()
    assert "not delivered: it is a landline, or its carrier cannot be reached" in shown


def test_a_contact_without_a_number_is_refused_by_the_server_too(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    with company(cast.dealer.id):
        connect(cast.dealer)
    refused = ana.post(CHATS, form(), headers=FRAGMENT)
    assert (refused.status_code, "no phone number" in refused.content.decode()) == (422, True)
    assert ana.post(CHATS, form()).status_code == 422  # without a script the page comes back with the text


def test_the_menu_says_why_a_channel_is_closed_and_what_would_open_it(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    with company(cast.dealer.id):
        connect(cast.dealer, whatsapp=WHATSAPP)
    closed = ana.get("/tickets/1/").content.decode()
    assert "Add a phone number" in closed and 'data-edit="contact-card"' in closed
    assert 'id="composer-chat"' not in closed
    with company(cast.dealer.id):
        add_phone(cast.carla, CARLAS)
    opened = ana.get("/tickets/1/composer/?channel=chat").content.decode()
    assert 'id="composer-chat"' in opened and "+34 600 11 12 22" in opened
    assert 'data-channel="chat"' in opened
    assert "24 hours" in opened  # WhatsApp waits for the customer to write first


def test_each_channel_keeps_its_own_draft(cast: Cast, ticket: Ticket, ana: Client) -> None:
    with company(cast.dealer.id):
        connect(cast.dealer)
        add_phone(cast.carla, CARLAS)
    ana.post("/tickets/1/drafts/chat/", form(text="By text message", based_on=""))
    ana.post("/tickets/1/drafts/email/", form(text="By email", based_on=""))
    ana.post(CHATS, form(text="Another"))
    page = ana.get("/tickets/1/").content.decode()
    assert ">By text message</textarea>" not in page  # sent from a page that knew nothing of the draft
    assert ">By email</textarea>" in page

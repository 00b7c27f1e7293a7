"""/tickets/1/drafts/email/: what is being written is kept, and what was sent does not come back."""

from __future__ import annotations

import re
import uuid

from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Draft, Message, Ticket
from tests.cast import CARLA, Cast
from tests.web import desk

DRAFT = "/tickets/1/drafts/email/"


def form(**changes: str) -> dict[str, str]:
    return {"to": CARLA, "subject": "Re: pump", "text": "Soon.", "key": str(uuid.uuid4()), **changes}


def test_a_save_that_arrives_after_the_sending_does_not_bring_the_text_back(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    written = form()
    assert ana.post(DRAFT, written).json()["words"]
    ana.post("/tickets/1/replies/", written)
    late = ana.post(DRAFT, written)
    assert (late.status_code, late.json()) == (200, {"words": ""})
    with company(cast.dealer.id):
        assert not Draft.objects.exists()


def test_the_next_form_is_saved_again(cast: Cast, ticket: Ticket, ana: Client) -> None:
    ana.post("/tickets/1/replies/", form())
    ana.post(DRAFT, form(text="And then"))
    with company(cast.dealer.id):
        assert Draft.objects.get().fields["text"] == "And then"


def test_a_draft_goes_on_answering_the_message_that_it_was_begun_for(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    with company(cast.dealer.id):
        first = Message.objects.get().pk
        desk.receive(ticket, "Still leaking")
    ana.post(DRAFT, form(answers=str(first)))
    assert answered_on(ana) == str(first)


def test_a_draft_that_answers_what_is_no_message_of_the_ticket_answers_the_last(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    ana.post(DRAFT, form(answers="987654321"))
    with company(cast.dealer.id):
        assert answered_on(ana) == str(Message.objects.get().pk)


def answered_on(client: Client) -> str | None:
    found = re.search(r'name="answers" value="(\d+)"', client.get("/tickets/1/").content.decode())
    return found and found[1]

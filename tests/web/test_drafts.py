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


def test_two_windows_of_one_writer_keep_both_texts(cast: Cast, ticket: Ticket, ana: Client) -> None:
    one, other = form(based_on=""), form(based_on="", text="Another text")
    state = ana.post(DRAFT, one).json()["state"]
    refused = ana.post(DRAFT, other)
    assert (refused.status_code, refused.json()["text"]) == (409, "Soon.")
    assert ana.post(DRAFT, {**one, "text": "Soon, Carla."}).status_code == 200  # and one goes on
    ana.delete(f"{DRAFT}?key={other['key']}&based_on=")
    with company(cast.dealer.id):
        assert Draft.objects.get().fields["text"] == "Soon, Carla."
    assert refused.json()["state"] == state


def test_who_has_read_the_other_window_s_text_goes_on_from_it(
    cast: Cast, ticket: Ticket, ana: Client
) -> None:
    ana.post(DRAFT, form(based_on=""))
    other = form(based_on="", text="Both")
    state = ana.post(DRAFT, other).json()["state"]
    assert ana.post(DRAFT, {**other, "based_on": state}).status_code == 200
    with company(cast.dealer.id):
        assert Draft.objects.get().fields["text"] == "Both"


def test_what_is_sent_in_one_window_leaves_the_other_s_draft(cast: Cast, ticket: Ticket, ana: Client) -> None:
    ana.post(DRAFT, form(based_on=""))
    ana.post("/tickets/1/replies/", form(based_on="", text="Another text"))
    with company(cast.dealer.id):
        assert Draft.objects.get().fields["text"] == "Soon."

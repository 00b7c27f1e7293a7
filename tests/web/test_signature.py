"""Whose signature leaves: by the rule at the moment of sending, unless the writer has chosen."""

from __future__ import annotations

import uuid

from django.test import Client
from django.utils import timezone

from emailhub.accounts.models import Advisor
from emailhub.accounts.profile import set_signature
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Activity, Message, Ticket
from tests.cast import Cast
from tests.web import desk

NAME = "Ana Ferrer, Dealer Group"


def ticket_of(cast: Cast, assignee: Advisor | None) -> Ticket:
    with company(cast.dealer.id):
        set_signature(cast.ana, f"<p>{NAME}</p>")
        ticket = desk.open_ticket(cast.service, cast.carla, assignee=assignee)
        desk.receive(ticket)
    return ticket


def send(client: Client, ticket: Ticket, **fields: str) -> str:
    """Send as the composer does, and return the text of what leaves."""
    page = {"to": "carla@customer.example", "subject": "Re: pump", "text": "Today.", "key": str(uuid.uuid4())}
    answer = client.post(f"/tickets/{ticket.number}/replies/", page | fields)
    assert answer.status_code == 302
    with company(ticket.company_id):
        text: str = Message.objects.get(activity__kind=Activity.Kind.SENT).text
    return text


def test_a_ticket_that_became_mine_meanwhile_is_signed(ana: Client, cast: Cast) -> None:
    ticket = ticket_of(cast, cast.ben)
    assert 'name="signature_proposed"' not in ana.get(f"/tickets/{ticket.number}/").content.decode()
    with company(cast.dealer.id):
        ticket.assign(cast.ana, by=cast.ben, now=timezone.now())
    assert NAME in send(ana, ticket)


def test_a_ticket_that_was_given_away_meanwhile_is_not_signed(ana: Client, cast: Cast) -> None:
    ticket = ticket_of(cast, cast.ana)
    assert 'name="signature_proposed"' in ana.get(f"/tickets/{ticket.number}/").content.decode()
    with company(cast.dealer.id):
        ticket.assign(cast.ben, by=cast.ana, now=timezone.now())
    assert NAME not in send(ana, ticket, signature="1", signature_proposed="1")


def test_a_signature_that_the_writer_added_stays(ana: Client, cast: Cast) -> None:
    assert NAME in send(ana, ticket_of(cast, cast.ben), signature="1")


def test_a_signature_that_the_writer_took_out_stays_out(ana: Client, cast: Cast) -> None:
    assert NAME not in send(ana, ticket_of(cast, cast.ana), signature_proposed="1")

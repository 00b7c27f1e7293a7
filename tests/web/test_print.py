"""A ticket on paper."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Activity, Ticket
from tests.cast import Cast

from . import desk
from .test_timeline_windows import write_notes


def test_all_that_was_said_is_on_the_page_made_safe_and_in_order(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        hostile = '<img src="x" onerror="alert(1)"><script>alert(2)</script>'
        file = desk.receive(ticket, hostile, html=hostile, name=hostile)
        desk.attach(file, "<b>smoke</b>.pdf", b"%PDF", "application/pdf")
        ticket.record(Activity.Kind.NOTE, by=cast.ben, at=timezone.now(), text="Ask Jon")
        desk.send(ticket, cast.ana, "We come.", bcc=[["", "hidden@workshop.example"]])
    page = ana.get("/tickets/1/print/").content.decode()
    order = [page.index(words) for words in ("It drips since Monday.", "onerror", "Ask Jon", "We come.")]
    assert order == sorted(order)
    assert "<img" not in page and "<script>" not in page and "<b>smoke" not in page
    assert "smoke" in page and "hidden@workshop.example" in page


def test_a_customers_copy_has_nothing_that_is_the_teams_alone(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        ticket.record(Activity.Kind.NOTE, by=cast.ben, at=timezone.now(), text="Ask Jon")
        ticket.assign(cast.ben, by=cast.ana, now=timezone.now())
        ticket.describe("Difficult customer")
        desk.send(ticket, cast.ana, "We come.", bcc=[["", "hidden@workshop.example"]])
        desk.send(ticket, cast.ana, "Buy it cheaply.", to=[["", "supplier@parts.example"]], is_private=True)
    page = ana.get("/tickets/1/print/?for=customer").content.decode()
    assert "It drips since Monday." in page and "We come." in page
    for secret in ("Ask Jon", "hidden@", "Difficult", 'class="event"', "Ben", "cheaply", "supplier@"):
        assert secret not in page


def test_two_thousand_entries_are_asked_for_at_once(ana: Client, cast: Cast, ticket: Ticket) -> None:
    ana.get("/tickets/1/print/")
    counts = []
    for more in (1, 1998):
        write_notes(ticket, cast, more)
        with CaptureQueriesContext(connection) as captured:
            assert ana.get("/tickets/1/print/").content.count(b"<article") >= more
        counts.append(len(captured))
    assert counts[0] == counts[1]

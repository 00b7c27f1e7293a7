"""Tickets that are linked by hand, and what happened lately on all tickets of a contact."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.errors import NotAllowedError
from emailhub.desk.links import SameTicketError, link
from emailhub.desk.models import Ticket, TicketLink
from emailhub.desk.recent import recent_activity
from emailhub.web.events import event_sentence
from tests.cast import Cast

from . import desk
from .conftest import SignIn

NOW = timezone.now()


def told(ticket: Ticket) -> list[str]:
    entries = ticket.activities.filter(kind="linked").select_related("advisor__user").order_by("id")
    return [event_sentence(entry) for entry in entries]


def test_a_duplicate_is_told_on_both_and_shown_from_both_sides(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        other = desk.open_ticket(cast.service, cast.carla, "It leaks again")
    ana.post("/tickets/2/links/", {"other": "#1", "kind": "duplicate"})
    with company(cast.dealer.id):
        assert told(other) == ["<b>Ana</b> marked it as a duplicate of <b>#1</b>"]
        assert told(ticket) == ["<b>Ana</b> marked <b>#2</b> as a duplicate of it"]
    for number, word in ((1, "duplicated by"), (2, "duplicate of")):
        explicit = ana.get(f"/tickets/{number}/").context["related"].explicit
        assert [(str(one.word), one.ticket.number) for one in explicit] == [(word, 3 - number)]


def test_a_link_is_taken_away_from_both(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        other = desk.open_ticket(cast.service, cast.carla, "It leaks again")
        link(ticket, other, TicketLink.Kind.RELATED, by=cast.ben, now=NOW)
        made = TicketLink.objects.get()
    ana.delete(f"/tickets/2/links/{made.pk}/")
    with company(cast.dealer.id):
        assert not TicketLink.objects.exists()
        assert told(ticket)[-1] == "<b>Ana</b> took the link with <b>#2</b> away"


def test_two_tickets_have_one_link_the_last_that_was_made(inside: Cast) -> None:
    one, two = (desk.open_ticket(inside.service, inside.carla) for _ in range(2))
    link(one, two, TicketLink.Kind.RELATED, by=inside.ana, now=NOW)
    link(two, one, TicketLink.Kind.DUPLICATE, by=inside.ana, now=NOW)
    made = TicketLink.objects.get()
    assert (made.ticket, made.other, made.kind) == (two, one, "duplicate")


def test_who_only_reads_links_nothing_and_nothing_is_linked_with_itself(inside: Cast) -> None:
    one, two = (desk.open_ticket(inside.service, inside.carla) for _ in range(2))
    with pytest.raises(NotAllowedError):
        link(one, two, TicketLink.Kind.RELATED, by=inside.vera, now=NOW)
    with pytest.raises(SameTicketError):
        link(one, one, TicketLink.Kind.RELATED, by=inside.ana, now=NOW)


@pytest.mark.parametrize("typed", ["", "x", "99", "²"])
def test_a_number_that_is_no_ticket_links_nothing(ana: Client, ticket: Ticket, typed: str) -> None:
    ana.post("/tickets/1/links/", {"other": typed})
    assert "There is no such ticket that you may read." in ana.get("/tickets/1/").content.decode()


def test_a_ticket_that_one_may_not_read_can_neither_be_linked_nor_seen(
    cast: Cast, sign_in: SignIn, ticket: Ticket
) -> None:
    ben = sign_in(cast.ben)
    with company(cast.dealer.id):
        secret = desk.open_ticket(cast.parts, cast.carla, "Of Parts alone")
    ben.post("/tickets/1/links/", {"other": "2"})
    with company(cast.dealer.id):
        assert not TicketLink.objects.exists()
        link(ticket, secret, TicketLink.Kind.RELATED, by=cast.ana, now=NOW)
    assert ben.get("/tickets/1/").context["related"].explicit == []


def test_recent_activity_is_of_all_tickets_of_the_contact_that_one_may_read(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        desk.send(desk.open_ticket(cast.service, cast.carla, "Second"), cast.ben, "We come tomorrow.")
        desk.receive(desk.open_ticket(cast.parts, cast.carla, "Third"), "Where is the seal?")
        texts = [
            [activity.text for activity in recent_activity(cast.carla, who)] for who in (cast.ben, cast.pat)
        ]
    assert texts == [["We come tomorrow.", "It drips since Monday."], ["Where is the seal?"]]
    page = ana.get("/tickets/1/?tab=contact").content.decode()
    assert "Where is the seal?" in page

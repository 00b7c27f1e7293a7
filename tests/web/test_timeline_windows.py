"""Long tickets: windows of their timeline, what is new to whom, and what of it is shown."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Activity, Seen, Ticket
from tests.cast import Cast

from . import desk
from .conftest import SignIn
from .test_timeline import ids


def write_notes(ticket: Ticket, cast: Cast, count: int) -> list[int]:
    """Notes of Ben's, as many as are asked for, and the ids of all the ticket's activities."""
    with company(cast.dealer.id):
        a_note = {"ticket": ticket, "kind": Activity.Kind.NOTE, "at": timezone.now(), "advisor": cast.ben}
        Activity.objects.bulk_create(Activity(company=cast.dealer, text="?", **a_note) for _ in range(count))
        everything = list(ticket.activities.order_by("id").values_list("id", flat=True))
        Ticket.objects.filter(pk=ticket.pk).update(last_activity_id=everything[-1])
        return everything


def has_seen_to(activity_id: int, ticket: Ticket, cast: Cast) -> None:
    with company(cast.dealer.id):
        Seen.objects.update_or_create(
            company=cast.dealer, ticket=ticket, advisor=cast.ana, defaults={"activity_id": activity_id}
        )


def test_a_ticket_of_two_thousand_activities_asks_what_a_short_one_asks(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    write_notes(ticket, cast, 40)
    ana.get("/tickets/1/")
    counts = []
    for more in (0, 1960):
        everything = write_notes(ticket, cast, more)
        has_seen_to(everything[-1], ticket, cast)
        with CaptureQueriesContext(connection) as captured:
            page = ana.get("/tickets/1/").content.decode()
        counts.append(len(captured))
        assert ids(page) == everything[-30:]
    assert counts[0] == counts[1]


def test_an_entry_that_is_asked_for_is_shown_with_some_above_and_the_way_on(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    everything = write_notes(ticket, cast, 98)
    page = ana.get(f"/tickets/1/?at={everything[20]}").content.decode()
    assert ids(page) == everything[15:50]
    assert f"before={everything[15]}" in page and f"at={everything[50]}" in page
    assert ids(ana.get(f"/tickets/1/?at={everything[90]}").content.decode()) == everything[85:]


def test_the_line_stands_above_the_first_that_is_new_to_the_reader(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    everything = write_notes(ticket, cast, 10)
    has_seen_to(everything[6], ticket, cast)
    page = ana.get("/tickets/1/").content.decode()
    assert ids(page[page.index('id="new"') :]) == everything[7:]
    assert 'href="#new"' in page
    assert 'id="new"' not in ana.get("/tickets/1/").content.decode()  # all of it is seen now


def test_what_is_new_above_the_window_is_one_link_away(ana: Client, cast: Cast, ticket: Ticket) -> None:
    everything = write_notes(ticket, cast, 98)
    has_seen_to(everything[9], ticket, cast)
    page = ana.get("/tickets/1/").content.decode()
    assert 'id="new"' not in page
    [link] = re.findall(r'href="([^"]*&amp;at=[^"]*)#new"', page)
    there = ana.get(link.replace("&amp;", "&")).content.decode()
    assert ids(there[there.index('id="new"') :])[0] == everything[10]


def test_who_comes_for_the_first_time_and_who_wrote_it_have_no_line(
    ana: Client, cast: Cast, ticket: Ticket, sign_in: SignIn
) -> None:
    everything = write_notes(ticket, cast, 5)
    assert 'id="new"' not in ana.get("/tickets/1/").content.decode()
    with company(cast.dealer.id):
        Seen.objects.create(company=cast.dealer, ticket=ticket, advisor=cast.ben, activity_id=everything[-3])
    assert 'id="new"' not in sign_in(cast.ben).get("/tickets/1/").content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kind=mail", ["received", "sent"]),
        ("kind=notes", ["note"]),
        ("kind=events", ["created", "assigned"]),
        ("who=carla@customer.example", ["received"]),
        ("who={ben}", ["note", "assigned"]),
        ("kind=notes&who={ben}", ["note"]),
        ("kind=nonsense", ["created", "received", "sent", "note", "assigned"]),
        ("who=99999999999999999999", []),
    ],
)
def test_a_kind_or_a_person_can_be_shown_alone(
    ana: Client, cast: Cast, ticket: Ticket, query: str, shown: list[str]
) -> None:
    with company(cast.dealer.id):
        desk.send(ticket, cast.ana)
        ticket.record(Activity.Kind.NOTE, by=cast.ben, at=timezone.now(), text="Ask Jon")
        ticket.assign(cast.ben, by=cast.ben, now=timezone.now())
        wanted = set(ticket.activities.filter(kind__in=shown).values_list("pk", flat=True))
    query = query.format(ben=cast.ben.pk)
    assert set(ids(ana.get(f"/tickets/1/?{query}").content.decode())) == wanted
    assert set(ids(ana.get(f"/tickets/1/activities/?after=0&{query}").content.decode())) == wanted


def test_the_way_up_keeps_to_what_was_chosen(ana: Client, cast: Cast, ticket: Ticket) -> None:
    everything = write_notes(ticket, cast, 68)
    page = ana.get("/tickets/1/?kind=notes").content.decode()
    [link] = re.findall(r'data-earlier="([^"]*)"', page)
    assert ids(ana.get(link.replace("&amp;", "&")).content.decode()) == everything[10:40]
    assert link.endswith("kind=notes")

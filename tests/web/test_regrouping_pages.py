"""Split, move and merge on the page."""

from __future__ import annotations

import re

from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Activity, Ticket
from tests.cast import Cast

from . import desk
from .conftest import SignIn
from .test_timeline import ids


def test_a_message_is_split_off_from_its_menu_and_taken_back_in_the_timeline(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        second = desk.receive(ticket, "And my tractor smokes.")
    [asked] = set(
        re.findall(
            rf'href="(/tickets/1/parting/\?from={second.pk})"', ana.get("/tickets/1/").content.decode()
        )
    )
    assert "And my tractor smokes." in ana.get(asked).content.decode()
    form = {"from": second.pk, "what": "one", "where": "new"}
    assert ana.post("/tickets/1/parting/", form)["Location"] == "/tickets/2/"
    there = ana.get("/tickets/2/").content.decode()
    assert second.pk in ids(there) and "split this off from" in there
    here = ana.get("/tickets/1/").content.decode()
    assert second.pk not in ids(here) and 'split 1 entry off into <a href="/tickets/2/">#2</a>' in here
    [undo] = re.findall(r'action="(/regroupings/\d+/undoing/)"', here)
    ana.post(undo)
    again = ana.get("/tickets/2/", follow=True)  # the empty one leads home
    assert again.redirect_chain and second.pk in ids(again.content.decode())
    assert undo not in again.content.decode()


def test_what_a_new_person_wrote_is_offered_to_be_split_off(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        stranger = desk.receive(ticket, name="Jon", address="jon@workshop.example", flags=["new_person"])
    page = ana.get("/tickets/1/").content.decode()
    assert "Not related? Split it off" in page[page.index(f'id="activity-{stranger.pk}"') :]
    assert page.count("Not related?") == 1


def test_a_message_is_moved_by_the_number_of_the_other_ticket(
    ana: Client, cast: Cast, ticket: Ticket
) -> None:
    with company(cast.dealer.id):
        entry = ticket.activities.get(kind=Activity.Kind.RECEIVED)
        desk.open_ticket(cast.service, cast.carla, "Other")
        desk.open_ticket(cast.parts, cast.carla, "Not Ana's")
    form = {"from": entry.pk, "where": "other"}
    for number in ("", "7", "3", "1", "x"):  # of nobody, of another team, itself
        refused = ana.post("/tickets/1/parting/", {**form, "with": number})
        assert refused.status_code == 422 and "Nothing was moved" in refused.content.decode()
    assert ana.post("/tickets/1/parting/", {**form, "with": "#2"})["Location"] == "/tickets/2/"
    assert entry.pk in ids(ana.get("/tickets/2/").content.decode())


def test_two_tickets_are_merged_after_a_look_at_what_it_does(
    ana: Client, cast: Cast, ticket: Ticket, sign_in: SignIn
) -> None:
    with company(cast.dealer.id):
        other = desk.open_ticket(cast.service, cast.carla, "Same pump")
        desk.receive(other, "As I wrote.")
    assert 'href="/tickets/1/merge/?with=2"' in ana.get("/tickets/1/merge/").content.decode()
    shown = ana.get("/tickets/1/merge/?with=2").content.decode()
    assert "#2 becomes part of #1" in shown and "1 comes here" in shown
    assert sign_in(cast.vera).post("/tickets/1/merge/", {"with": 2}).status_code == 403
    assert ana.post("/tickets/1/merge/", {"with": 2})["Location"] == "/tickets/1/"
    assert "As I wrote." in ana.get("/tickets/2/", follow=True).content.decode()
    answer = {"to": "carla@customer.example", "text": "Hello"}  # from a page that was open
    refused = ana.post("/tickets/2/replies/", answer, headers={"hx-request": "true"})
    assert refused.status_code == 422 and "merged into #1" in refused.content.decode()

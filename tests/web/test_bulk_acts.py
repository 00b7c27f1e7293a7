"""One act on many tickets: what it changes, whose it leaves alone, and its undoing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk import bulk
from emailhub.desk.bulk import Act, TooManyError, Wish, carry_out, undo
from emailhub.desk.models import BulkAct, Ticket
from emailhub.desk.snoozing import SnoozeTimeError
from emailhub.desk.tags import tag_named
from tests.cast import Cast

from . import desk

NOW = timezone.now()
HOUR = timedelta(hours=1)


def several(cast: Cast) -> list[Ticket]:
    """One that waits for us, one that waits for the customer, one that sleeps, one closed; all Ben's."""
    made = [desk.open_ticket(cast.service, cast.carla, f"Matter {n}", assignee=cast.ben) for n in range(4)]
    desk.receive(made[0])
    made[1].wait(by=None, now=NOW)
    made[2].snooze(NOW + HOUR, reason="The seal", by=cast.ben, now=NOW)
    made[3].close(by=None, now=NOW)
    return made


def states(tickets: list[Ticket]) -> list[tuple[tuple[object, ...], int]]:
    rows = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).order_by("pk")
    fields = ("status", "assignee_id", "needs_reply_since", "snoozed_until", "snooze_reason")
    tags = [ticket.ticket_tags.count() for ticket in tickets]
    return list(zip(rows.values_list(*fields), tags, strict=True))


WISHES = {
    "close": (lambda cast: Wish(Act.CLOSE), 3),
    "assign": (lambda cast: Wish(Act.ASSIGN, assignee=cast.ana), 4),
    "unassign": (lambda cast: Wish(Act.ASSIGN), 4),
    "tag": (lambda cast: Wish(Act.TAG, tag=tag_named(cast.dealer, "Harvest")), 4),
    "snooze": (lambda cast: Wish(Act.SNOOZE, until=NOW + 2 * HOUR), 3),
    "junk": (lambda cast: Wish(Act.JUNK), 4),
}


@pytest.mark.parametrize("name", WISHES)
def test_what_is_undone_is_as_it_was(inside: Cast, name: str) -> None:
    tickets = several(inside)
    wish, count = WISHES[name][0](inside), WISHES[name][1]
    before = states(tickets)
    done = carry_out(wish, [ticket.pk for ticket in tickets], by=inside.ana, now=NOW)
    assert done.changed == count
    assert sum(was != now for was, now in zip(before, states(tickets), strict=True)) >= 3
    assert undo(done.row, by=inside.ana, now=NOW) == count
    assert states(tickets) == before
    assert undo(done.row, by=inside.ana, now=NOW) == 0


def test_reopening_is_undone_by_closing(inside: Cast) -> None:
    tickets = several(inside)
    done = carry_out(Wish(Act.REOPEN), [ticket.pk for ticket in tickets], by=inside.ana, now=NOW)
    assert done.changed == 1
    undo(done.row, by=inside.ana, now=NOW)
    assert [row[0] for row, _tags in states(tickets)] == ["open", "waiting", "snoozed", "closed"]


def test_what_somebody_changed_in_the_meantime_is_left_as_they_left_it(inside: Cast) -> None:
    first, second = (desk.open_ticket(inside.service, inside.carla) for _ in range(2))
    done = carry_out(Wish(Act.ASSIGN, assignee=inside.ana), [first.pk, second.pk], by=inside.ana, now=NOW)
    Ticket.objects.get(pk=first.pk).assign(inside.ben, by=inside.ben, now=NOW)
    assert undo(done.row, by=inside.ana, now=NOW) == 1
    assert Ticket.objects.get(pk=first.pk).assignee == inside.ben


def test_tickets_of_teams_in_which_one_does_not_work_stay_as_they_are(inside: Cast) -> None:
    mine, readable = (desk.open_ticket(team, inside.carla) for team in (inside.service, inside.parts))
    done = carry_out(Wish(Act.CLOSE), [mine.pk, readable.pk], by=inside.ana, now=NOW)
    assert (done.changed, done.refused) == (1, 1)
    assert carry_out(Wish(Act.CLOSE), [readable.pk], by=inside.ben, now=NOW).refused == 0  # he sees no such
    assert not Ticket.objects.get(pk=readable.pk).is_closed


def test_nobody_gets_a_ticket_of_a_team_that_is_not_theirs(inside: Cast) -> None:
    ticket = desk.open_ticket(inside.service, inside.carla)
    done = carry_out(Wish(Act.ASSIGN, assignee=inside.pat), [ticket.pk], by=inside.olga, now=NOW)
    assert (done.changed, done.refused) == (0, 1)


def test_too_many_and_a_time_that_is_over_change_nothing(inside: Cast) -> None:
    ticket = desk.open_ticket(inside.service, inside.carla)
    with pytest.raises(TooManyError):
        carry_out(Wish(Act.CLOSE), range(bulk.AT_MOST + 1), by=inside.ana, now=NOW)
    with pytest.raises(SnoozeTimeError):
        carry_out(Wish(Act.SNOOZE), [ticket.pk], by=inside.ana, now=NOW)
    assert Ticket.objects.get(pk=ticket.pk).status == "open"


def test_after_an_hour_nothing_is_kept_to_undo_it_by(inside: Cast) -> None:
    done = carry_out(Wish(Act.CLOSE), [], by=inside.ana, now=NOW - 2 * HOUR)
    assert undo(done.row, by=inside.ana, now=NOW) == 0
    bulk.forget_old(inside.dealer.pk, now=NOW)
    assert not BulkAct.objects.exists()


def test_the_page_changes_the_chosen_and_offers_to_undo(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        other = desk.open_ticket(cast.service, cast.carla)
    answer = ana.post("/tickets/bulk/?view=open", {"do": "close", "ticket": [ticket.pk, other.pk]})
    assert answer.headers["Location"] == "/tickets/?view=open"
    page = ana.get("/tickets/?view=open").content.decode()
    assert "2 tickets changed" in page
    with company(cast.dealer.id):
        row = BulkAct.objects.get()
    assert f'action="/tickets/bulk/{row.pk}/?view=open"' in page
    ana.post(f"/tickets/bulk/{row.pk}/", {"_method": "DELETE"})
    with company(cast.dealer.id):
        assert not Ticket.objects.closed().exists()


def test_one_s_own_acts_alone_can_be_undone(ana: Client, frank: Client, cast: Cast) -> None:
    with company(cast.dealer.id):
        row = carry_out(Wish(Act.CLOSE), [], by=cast.ben, now=NOW).row
    assert [client.delete(f"/tickets/bulk/{row.pk}/").status_code for client in (ana, frank)] == [404, 404]


@pytest.mark.parametrize("do", ["", "explode", "assign:999999", "assign:x", "tag:999999"])
def test_what_is_no_act_is_not_found(ana: Client, ticket: Ticket, do: str) -> None:
    assert ana.post("/tickets/bulk/", {"do": do, "ticket": ticket.pk}).status_code == 404


def test_who_only_reads_is_offered_no_boxes(cast: Cast, sign_in: object, ticket: Ticket) -> None:
    page = sign_in(cast.vera).get("/tickets/").content.decode()  # type: ignore[operator]
    assert 'name="ticket"' not in page
    assert "bulk-form" not in page

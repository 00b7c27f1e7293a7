"""Somebody leaves: who gets the tickets that are open (R62)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emailhub.accounts.models import Advisor, Membership, Role
from emailhub.accounts.permissions import NotPermittedError
from emailhub.accounts.teams import add_member
from emailhub.desk.departure import heirs, leave_company, leave_team, open_tickets
from emailhub.desk.models import Activity, Ticket
from emailhub.desk.open_ticket import create_ticket
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def ticket_of(cast: Cast, advisor: Advisor, *, in_parts: bool = False) -> Ticket:
    team = cast.parts if in_parts else cast.service
    ticket = create_ticket(team=team, contact=cast.carla, subject="Pump", now=NOW)
    ticket.assign(advisor, by=None, now=NOW)
    return ticket


def membership(advisor: Advisor) -> Membership:
    return Membership.objects.select_related("advisor__user", "team").get(
        advisor=advisor, team__name="Service"
    )


def assignee(ticket: Ticket) -> Advisor | None:
    ticket.refresh_from_db()
    return ticket.assignee


def test_the_open_tickets_of_who_leaves_a_team_go_to_the_heir_and_the_closed_ones_stay(inside: Cast) -> None:
    mine, closed = ticket_of(inside, inside.ben), ticket_of(inside, inside.ben)
    closed.close(by=inside.ben, now=NOW)
    leave_team(membership(inside.ben), heir=inside.ana, by=inside.ana, now=NOW)
    assert assignee(mine) == inside.ana
    assert assignee(closed) == inside.ben
    last = Activity.objects.filter(ticket=mine).latest("id")
    assert (last.kind, last.advisor, last.detail["from"], last.detail["to"]) == (
        "assigned",
        inside.ana,
        "Ben",
        "Ana",
    )
    assert inside.service.id not in Advisor.objects.get(pk=inside.ben.pk).team_ids()


def test_without_an_heir_they_are_nobodys(inside: Cast) -> None:
    mine = ticket_of(inside, inside.ben)
    leave_team(membership(inside.ben), heir=None, by=inside.ana, now=NOW)
    assert assignee(mine) is None


def test_tickets_of_another_team_stay_with_who_leaves_only_this_one(inside: Cast) -> None:
    add_member(inside.parts, inside.ben, is_manager=False, by=inside.olga, now=NOW)
    elsewhere = ticket_of(inside, inside.ben, in_parts=True)
    leave_team(membership(inside.ben), heir=None, by=inside.ana, now=NOW)
    assert assignee(elsewhere) == inside.ben


def test_an_heir_of_the_company_gets_only_what_is_in_their_teams(inside: Cast) -> None:
    add_member(inside.parts, inside.ben, is_manager=False, by=inside.olga, now=NOW)
    here, elsewhere = ticket_of(inside, inside.ben), ticket_of(inside, inside.ben, in_parts=True)
    assert set(open_tickets(inside.ben)) == {here, elsewhere}
    leave_company(inside.ben, heir=inside.pat, by=inside.olga, now=NOW)
    assert assignee(here) is None
    assert assignee(elsewhere) == inside.pat
    inside.ben.refresh_from_db()
    assert not inside.ben.is_active


def test_only_who_may_write_there_can_take_tickets_over(inside: Cast) -> None:
    assert heirs(inside.ben, inside.service) == [inside.ana]
    assert heirs(inside.ben) == [inside.ana, inside.olga, inside.pat]
    Advisor.objects.filter(pk=inside.ana.pk).update(role=Role.VIEW_ONLY)
    assert heirs(inside.ben, inside.service) == []


def test_who_may_not_remove_somebody_moves_no_ticket_either(inside: Cast) -> None:
    mine = ticket_of(inside, inside.ben)
    for who in (inside.vera, inside.pat, inside.ben):
        with pytest.raises(NotPermittedError):
            leave_team(membership(inside.ben), heir=None, by=who, now=NOW)
        with pytest.raises(NotPermittedError):
            leave_company(inside.ben, heir=None, by=who, now=NOW)
    assert assignee(mine) == inside.ben

"""Somebody leaves a team or the company: who gets the tickets that are open (R62).

Closed tickets keep their assignee: the customer's history says who answered then.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from emailhub.accounts.advisors import end_work
from emailhub.accounts.models import Advisor, Membership, Team
from emailhub.accounts.permissions import may_manage, may_remove, require
from emailhub.accounts.teams import remove_member

from .models import Ticket
from .queries import TicketQuerySet


def open_tickets(advisor: Advisor, team: Team | None = None) -> TicketQuerySet:
    """The tickets that somebody must take over; of one team, or of all."""
    tickets = Ticket.objects.filter(assignee=advisor).not_closed()
    return tickets.of_team(team.id) if team else tickets


def heirs(advisor: Advisor, team: Team | None = None) -> list[Advisor]:
    """Who could take the tickets over: those who may write, in the team if one is left, by name."""
    others = Advisor.objects.filter(company_id=advisor.company_id, is_active=True).exclude(pk=advisor.pk)
    if team:
        others = others.filter(memberships__team=team)
    found = others.select_related("user").order_by("user__name", "pk")
    return [other for other in found if other.may_write]


def leave_team(membership: Membership, *, heir: Advisor | None, by: Advisor, now: datetime) -> None:
    """Take somebody out of a team. Its tickets that are theirs go to the heir, or to nobody."""
    require(may_manage(by, membership.team))
    with transaction.atomic():
        _hand_over(open_tickets(membership.advisor, membership.team), heir, by=by, now=now)
        remove_member(membership, by=by, now=now)


def leave_company(advisor: Advisor, *, heir: Advisor | None, by: Advisor, now: datetime) -> None:
    """Let somebody work here no more. Their open tickets go to the heir where the heir is in the ticket's

    team, else to nobody. Raises LastAdminError.
    """
    require(may_remove(by, advisor))
    with transaction.atomic():
        _hand_over(open_tickets(advisor), heir, by=by, now=now)
        end_work(advisor, by=by, now=now)


def _hand_over(tickets: TicketQuerySet, heir: Advisor | None, *, by: Advisor, now: datetime) -> None:
    teams = frozenset(heir.memberships.values_list("team_id", flat=True)) if heir else frozenset()
    for ticket in tickets.select_related("assignee__user", "team").select_for_update(of=("self",)):
        ticket.assign(heir if ticket.team_id in teams else None, by=by, now=now)

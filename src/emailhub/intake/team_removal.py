"""A team is deleted: another one inherits its tickets, its addresses and the mail that still waits for it.

Its row stays, without members, for what was received and recorded for it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from emailhub.accounts.audit import Action, Change, Kind, record
from emailhub.accounts.errors import LastTeamError
from emailhub.accounts.models import Advisor, Membership, Team
from emailhub.accounts.permissions import may_manage_company, require
from emailhub.desk.chat_accounts import inherit_accounts
from emailhub.desk.models import Ticket
from emailhub.hub.models import HubAddress, Identity, OwnAddress

from .models import ReceivedMessage


def delete_team(team: Team, *, heir: Team | None, by: Advisor, now: datetime) -> None:
    """Delete the team in favour of its heir. Raises LastTeamError where there is no other team.

    Mail to its addresses goes to the heir from now on; none of them becomes the heir's sender.
    """
    require(may_manage_company(by))
    with transaction.atomic():
        rows = Team.objects.existing().select_for_update().order_by("pk")
        others = {row.pk: row for row in rows.filter(company_id=by.company_id)}
        if heir is None or heir.pk == team.pk or not {heir.pk, team.pk} <= others.keys():
            raise LastTeamError
        _move_tickets(team, heir, by=by, now=now)
        _move_addresses(team, heir)
        _move_waiting_mail(team, heir)
        _forget_members(team)
        Team.objects.filter(heir=team).update(heir=heir)
        team.deleted_at, team.heir = now, heir
        team.save(update_fields=["deleted_at", "heir"])
        change = Change(team.name, f"→ {heir.name}")
        record(Kind.TEAM, team.name, by=by, at=now, action=Action.REMOVED, team=heir, inherits=change)


def receiving_team(team: Team) -> Team:
    """Who takes a mail in that was accepted for this team: its heir, if it was deleted meanwhile."""
    return team.heir or team


def _move_tickets(team: Team, heir: Team, *, by: Advisor, now: datetime) -> None:
    """Open ones one by one, each with its entry in the timeline; the closed ones move in silence."""
    open_ones = Ticket.objects.of_team(team.id).not_closed()
    for ticket in open_ones.select_related("team", "assignee__user").select_for_update(of=("self",)):
        ticket.move(heir, by=by, now=now)
    Ticket.objects.of_team(team.id).update(team=heir)
    Ticket.objects.filter(received_by=team).update(received_by=heir)


def _move_addresses(team: Team, heir: Team) -> None:
    HubAddress.objects.filter(team=team).update(team=heir, is_sender=False)
    OwnAddress.objects.filter(team=team).update(team=heir)
    Identity.objects.filter(team=team).update(enabled=False)
    inherit_accounts(team, heir)


def _move_waiting_mail(team: Team, heir: Team) -> None:
    """What has no outcome yet, and what is held or quarantined: somebody must be able to release it."""
    state = ReceivedMessage.State
    unfinished = ReceivedMessage.objects.filter(team=team)
    unfinished.exclude(state=state.DONE).update(team=heir)
    unfinished.filter(outcome=ReceivedMessage.Outcome.HELD).update(team=heir)


def _forget_members(team: Team) -> None:
    Membership.objects.filter(team=team).delete()
    Advisor.objects.filter(default_team=team).update(default_team=None)

"""Teams and who is in them. What a departure or a deletion does to tickets is told in desk and intake."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from .audit import Action, Change, Kind, record
from .errors import AlreadyMemberError, NoNameError, ViewOnlyManagerError
from .models import Advisor, Membership, Role, Team
from .permissions import may_manage, may_manage_company, require


def create_team(name: str, *, is_hidden: bool = False, by: Advisor, now: datetime) -> Team:
    """A new team without members. Raises NoNameError."""
    require(may_manage_company(by))
    with transaction.atomic():
        team = Team.objects.create(company_id=by.company_id, name=_cleaned(name), is_hidden=is_hidden)
        record(Kind.TEAM, team.name, by=by, at=now, action=Action.ADDED, team=team)
    by.forget_teams()
    return team


def change_team(
    team: Team, *, name: str, is_hidden: bool, time_zone: str, by: Advisor, now: datetime
) -> None:
    """Rename, hide or show the team, and say in which time zone it works. Raises NoNameError.

    Its addresses keep the name that the team had; another one can be generated.
    """
    require(may_manage(by, team))
    before = (team.name, team.is_hidden, team.time_zone)
    team.name, team.is_hidden, team.time_zone = _cleaned(name), is_hidden, time_zone
    with transaction.atomic():
        team.save(update_fields=["name", "is_hidden", "time_zone"])
        record(
            Kind.TEAM,
            team.name,
            by=by,
            at=now,
            team=team,
            name=Change(before[0], team.name),
            is_hidden=Change(before[1], team.is_hidden),
            time_zone=Change(before[2], team.time_zone),
        )


def add_member(team: Team, advisor: Advisor, *, is_manager: bool, by: Advisor, now: datetime) -> Membership:
    """Put somebody of the company into the team. Raises AlreadyMemberError, ViewOnlyManagerError."""
    require(may_manage(by, team))
    _refuse_view_only(advisor, is_manager)
    with transaction.atomic():
        membership, is_new = Membership.objects.get_or_create(
            company_id=team.company_id, team=team, advisor=advisor, defaults={"is_manager": is_manager}
        )
        if not is_new:
            raise AlreadyMemberError(str(advisor))
        if advisor.default_team_id is None:
            Advisor.objects.filter(pk=advisor.pk).update(default_team=team)
        record(
            Kind.MEMBER,
            str(advisor),
            by=by,
            at=now,
            action=Action.ADDED,
            team=team,
            is_manager=Change(False, is_manager),
        )
    return membership


def set_manager(membership: Membership, is_manager: bool, *, by: Advisor, now: datetime) -> None:
    """Make a member one of the team's managers, or a mere member again. Raises ViewOnlyManagerError."""
    team = membership.team
    require(may_manage(by, team))
    _refuse_view_only(membership.advisor, is_manager)
    change = Change(membership.is_manager, is_manager)
    with transaction.atomic():
        membership.is_manager = is_manager
        membership.save(update_fields=["is_manager"])
        record(Kind.MEMBER, str(membership.advisor), by=by, at=now, team=team, is_manager=change)


def remove_member(membership: Membership, *, by: Advisor, now: datetime) -> None:
    """Take somebody out of the team. Their tickets are the caller's concern: see desk.departure."""
    team, advisor = membership.team, membership.advisor
    require(may_manage(by, team))
    with transaction.atomic():
        membership.delete()
        if advisor.default_team_id == team.id:
            left = Membership.objects.filter(advisor=advisor).order_by("team__name").first()
            Advisor.objects.filter(pk=advisor.pk).update(default_team=left.team if left else None)
        record(Kind.MEMBER, str(advisor), by=by, at=now, action=Action.REMOVED, team=team)


def _cleaned(name: str) -> str:
    cleaned = " ".join(name.split())[:100]
    if not cleaned:
        raise NoNameError
    return cleaned


def _refuse_view_only(advisor: Advisor, is_manager: bool) -> None:
    if is_manager and advisor.role == Role.VIEW_ONLY:
        raise ViewOnlyManagerError

"""Roles, teams and who is in them: what is possible, who may do it, and what the audit keeps of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emailhub.accounts.advisors import end_work, set_role, take_back
from emailhub.accounts.errors import (
    AlreadyMemberError,
    LastAdminError,
    NoNameError,
    ViewOnlyManagerError,
)
from emailhub.accounts.models import Advisor, AuditEntry, Membership, Role, Session
from emailhub.accounts.permissions import NotPermittedError, may_remove
from emailhub.accounts.teams import add_member, change_team, create_team, remove_member, set_manager
from emailhub.accounts.tenancy import company
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def membership(advisor: Advisor) -> Membership:
    return Membership.objects.select_related("advisor__user", "team").get(advisor=advisor)


def test_an_administrator_creates_a_team_and_it_is_kept_who_did(inside: Cast) -> None:
    team = create_team("  Field   service ", by=inside.olga, now=NOW)
    assert team.name == "Field service"
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.action, entry.what, entry.by) == ("team", "added", "Field service", inside.olga)


def test_a_team_without_a_name_is_refused(inside: Cast) -> None:
    with pytest.raises(NoNameError):
        create_team("   ", by=inside.olga, now=NOW)


@pytest.mark.parametrize("who", ["ana", "ben", "vera"])
def test_nobody_else_creates_a_team(inside: Cast, who: str) -> None:
    with pytest.raises(NotPermittedError):
        create_team("Mine", by=getattr(inside, who), now=NOW)


def test_a_manager_renames_and_hides_their_team_and_no_other(inside: Cast) -> None:
    change_team(
        inside.service, name="Workshop", is_hidden=True, time_zone="Europe/Lisbon", by=inside.ana, now=NOW
    )
    inside.service.refresh_from_db()
    assert (inside.service.name, inside.service.is_hidden) == ("Workshop", True)
    assert inside.service.zone_name == "Europe/Lisbon"
    assert AuditEntry.objects.get().changes["name"] == ["Service", "Workshop"]
    with pytest.raises(NotPermittedError):
        change_team(inside.parts, name="X", is_hidden=False, time_zone="", by=inside.ana, now=NOW)


def test_a_colleague_is_put_into_a_team_once(inside: Cast) -> None:
    added = add_member(inside.service, inside.pat, is_manager=False, by=inside.ana, now=NOW)
    assert (added.advisor, added.is_manager) == (inside.pat, False)
    with pytest.raises(AlreadyMemberError):
        add_member(inside.service, inside.pat, is_manager=True, by=inside.ana, now=NOW)


def test_the_first_team_of_somebody_is_their_default_one(inside: Cast) -> None:
    add_member(inside.parts, inside.olga, is_manager=False, by=inside.olga, now=NOW)
    inside.olga.refresh_from_db()
    assert inside.olga.default_team == inside.parts


def test_who_may_only_read_manages_no_team(inside: Cast) -> None:
    with pytest.raises(ViewOnlyManagerError):
        set_manager(membership(inside.vera), True, by=inside.ana, now=NOW)
    with pytest.raises(ViewOnlyManagerError):
        add_member(inside.parts, inside.vera, is_manager=True, by=inside.olga, now=NOW)
    set_role(inside.ana, Role.VIEW_ONLY, by=inside.olga, now=NOW)
    assert not membership(inside.ana).is_manager


def test_who_leaves_their_default_team_gets_another_one_of_theirs(inside: Cast) -> None:
    add_member(inside.parts, inside.ben, is_manager=False, by=inside.olga, now=NOW)
    leaving = Membership.objects.select_related("advisor__user", "team").get(
        advisor=inside.ben, team=inside.service
    )
    remove_member(leaving, by=inside.ana, now=NOW)
    inside.ben.refresh_from_db()
    assert inside.ben.default_team == inside.parts


def test_the_last_administrator_stays_one(inside: Cast) -> None:
    with pytest.raises(LastAdminError):
        set_role(inside.olga, Role.ADVISOR, by=inside.olga, now=NOW)
    with pytest.raises(LastAdminError):
        end_work(inside.olga, by=inside.olga, now=NOW)
    set_role(inside.ana, Role.ADMIN, by=inside.olga, now=NOW)
    end_work(inside.olga, by=inside.ana, now=NOW)
    inside.olga.refresh_from_db()
    assert not inside.olga.is_active


def test_a_new_role_and_an_end_of_work_sign_somebody_out_everywhere(inside: Cast) -> None:
    for change in (
        lambda: set_role(inside.ben, Role.VIEW_ONLY, by=inside.olga, now=NOW),
        lambda: end_work(inside.ben, by=inside.olga, now=NOW),
    ):
        Session.objects.create(session_key="x", session_data="", expire_date=NOW, user=inside.ben.user)
        change()
        assert not Session.objects.filter(user=inside.ben.user).exists()


def test_who_is_taken_back_is_in_the_same_teams_as_before(inside: Cast) -> None:
    end_work(inside.ben, by=inside.olga, now=NOW)
    take_back(inside.ben, by=inside.olga, now=NOW)
    inside.ben.refresh_from_db()
    assert inside.ben.is_active
    assert membership(inside.ben).team == inside.service
    assert [entry.changes for entry in AuditEntry.objects.order_by("id")] == [
        {"is_active": [True, False]},
        {"is_active": [False, True]},
    ]


def test_a_manager_removes_who_is_only_theirs(inside: Cast) -> None:
    assert may_remove(inside.ana, inside.ben)
    assert not may_remove(inside.ana, inside.pat)
    assert not may_remove(inside.ana, inside.olga)
    assert not may_remove(inside.ben, inside.vera)
    add_member(inside.parts, inside.ben, is_manager=False, by=inside.olga, now=NOW)
    assert not may_remove(inside.ana, inside.ben)
    with pytest.raises(NotPermittedError):
        end_work(inside.ben, by=inside.ana, now=NOW)


def test_only_administrators_change_roles_and_take_back(inside: Cast) -> None:
    for who in (inside.ana, inside.ben, inside.vera):
        with pytest.raises(NotPermittedError):
            set_role(inside.pat, Role.ADMIN, by=who, now=NOW)
        with pytest.raises(NotPermittedError):
            take_back(inside.pat, by=who, now=NOW)


def test_another_companys_administrator_removes_nobody_here(cast: Cast) -> None:
    with company(cast.farm.id):
        Advisor.objects.filter(pk=cast.frank.pk).update(role=Role.ADMIN)
        cast.frank.refresh_from_db()
        assert not may_remove(cast.frank, cast.ben)

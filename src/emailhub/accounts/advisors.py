"""The people of a company: their role, and whether they work here at all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from .audit import Change, Kind, record
from .errors import LastAdminError
from .models import Advisor, Company, Membership, Role
from .permissions import may_manage_company, may_remove, require


def set_role(advisor: Advisor, role: Role, *, by: Advisor, now: datetime) -> None:
    """Give somebody another role. Who may only read manages no team any more. Raises LastAdminError.

    The database signs them out everywhere, so that no open page keeps the former role.
    """
    require(may_manage_company(by))
    with transaction.atomic():
        _lock_people(advisor.company_id)
        advisor.refresh_from_db(fields=["role", "is_active"])
        if role == advisor.role:
            return
        if advisor.role == Role.ADMIN:
            _refuse_last_admin(advisor)
        change = Change(advisor.role, role)
        advisor.role = role
        advisor.save(update_fields=["role"])
        if role == Role.VIEW_ONLY:
            Membership.objects.filter(advisor=advisor, is_manager=True).update(is_manager=False)
        record(Kind.ADVISOR, str(advisor), by=by, at=now, role=change)


def end_work(advisor: Advisor, *, by: Advisor, now: datetime) -> None:
    """Let somebody into the company no more. Their tickets are the caller's concern: see desk.departure.

    The database signs them out everywhere and closes their open pages' streams in the same commit.
    Raises LastAdminError.
    """
    require(may_remove(by, advisor))
    with transaction.atomic():
        _lock_people(advisor.company_id)
        advisor.refresh_from_db(fields=["role", "is_active"])
        if advisor.role == Role.ADMIN:
            _refuse_last_admin(advisor)
        _set_active(advisor, False, by=by, now=now)


def take_back(advisor: Advisor, *, by: Advisor, now: datetime) -> None:
    """Let somebody work here again, in the teams in which they were."""
    require(may_manage_company(by))
    with transaction.atomic():
        _lock_people(advisor.company_id)
        advisor.refresh_from_db(fields=["is_active"])
        _set_active(advisor, True, by=by, now=now)


def _set_active(advisor: Advisor, is_active: bool, *, by: Advisor, now: datetime) -> None:
    change = Change(advisor.is_active, is_active)
    advisor.is_active = is_active
    advisor.save(update_fields=["is_active"])
    record(Kind.ADVISOR, str(advisor), by=by, at=now, is_active=change)


def _lock_people(company_id: int) -> None:
    """Of two administrators who remove each other at once, the second is asked about what the first left."""
    Company.objects.select_for_update().get(pk=company_id)


def _refuse_last_admin(advisor: Advisor) -> None:
    others = Advisor.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=advisor.pk)
    if advisor.is_active and not others.exists():
        raise LastAdminError

"""Whether a user has a second factor, and whether a company demands one."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from .audit import Change, Kind, record
from .entrance import companies_of
from .models import Advisor, Company, User
from .permissions import may_manage_company, require
from .sessions import end_all_sessions

_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class WorksElsewhereError(Exception):
    """The user works in another company as well, which has a say in how they sign in."""


def factors() -> QuerySet[Authenticator]:
    """What counts as a second factor: recovery codes alone are none."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(type__in=_FACTORS)
    return found


def has_second_factor(user: User) -> bool:
    return factors().filter(user=user).exists()


def is_missing(user: User, company: Company) -> bool:
    """Whether the company demands a second factor that the user has not set up."""
    return company.second_factor_demanded and not has_second_factor(user)


def is_missing_anywhere(user: User) -> bool:
    """The same, for any company in which the user works."""
    demanding = Company.objects.filter(pk__in=companies_of(user.pk), second_factor_demanded=True)
    return demanding.exists() and not has_second_factor(user)


def demand(company: Company, demanded: bool, *, by: Advisor, now: datetime) -> None:
    """Demand a second factor of everybody in the company, or demand it no more.

    Who has none is led to set one up before anything else; their open pages hear nothing until then.
    """
    require(may_manage_company(by))
    with transaction.atomic():
        change = Change(company.second_factor_demanded, demanded)
        company.second_factor_demanded = demanded
        company.save(update_fields=["second_factor_demanded"])
        record(Kind.SECURITY, company.name, by=by, at=now, second_factor_demanded=change)


def take_away(advisor: Advisor, *, by: Advisor, now: datetime) -> None:
    """Let an advisor who has lost them sign in without second factors. Signs them out everywhere.

    Raises WorksElsewhereError: another company's administrator has not agreed.
    """
    require(may_manage_company(by))
    if set(companies_of(advisor.user_id)) - {advisor.company_id}:
        raise WorksElsewhereError
    with transaction.atomic():
        change = Change(has_second_factor(advisor.user), False)
        Authenticator.objects.filter(user=advisor.user_id).delete()
        end_all_sessions(by=advisor.user)
        record(Kind.SECURITY, str(advisor), by=by, at=now, second_factor=change)

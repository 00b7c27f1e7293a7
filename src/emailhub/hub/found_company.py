"""A company begins: with its first administrator and its first team, which has an address at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from emailhub.accounts.audit import Action, Kind, record
from emailhub.accounts.company_settings import parse_slug
from emailhub.accounts.errors import AccountsError, HasLogInError, NoNameError, SlugTakenError
from emailhub.accounts.models import Advisor, Company, Membership, Role, Team, User
from emailhub.accounts.tenancy import company

from .addresses import generate_address
from .models import HubAddress
from .transliteration import slug as slug_of

_ONE_AT_A_TIME = 12  # of the advisory locks


class DemoError(AccountsError):
    """The data folder holds the demo, whose mail never leaves: real companies need another one."""

    def __str__(self) -> str:
        return "this data folder holds the demo; use another EMAILHUB_DATA for real mail"


class NotFirstError(AccountsError):
    """Somebody was faster: there is a company, and its administrators decide what comes next."""


@dataclass(frozen=True)
class Founding:
    """What is known of a company before it begins. An empty slug is made from the name."""

    name: str
    team: str
    admin_email: str
    admin_name: str
    password: str
    slug: str = ""
    language: str = "en"
    time_zone: str = "Europe/Madrid"


@dataclass(frozen=True)
class Founded:
    """The company as it is now. Outside its walls its rows cannot be read again: they are here."""

    company: Company
    admin: User
    team: Team
    address: HubAddress


def found_company(founding: Founding, *, now: datetime, must_be_first: bool = False) -> Founded:
    """Make the company, whole or not at all.

    Raises NoNameError, BadSlugError, SlugTakenError, HasLogInError, DemoError, and NotFirstError where it
    must be the installation's first.
    """
    label = parse_slug(slug_of(founding.slug or founding.name))
    with transaction.atomic():
        _lock()
        if must_be_first and not is_first_run():
            raise NotFirstError
        _refuse(founding, label)
        return _found(founding, label, now=now)


def is_first_run() -> bool:
    """Whether there is no company yet, so that nobody could sign in."""
    return not Company.objects.exists()


def _lock() -> None:
    """Of two at once, the second is asked about what the first has made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_ONE_AT_A_TIME])


def _refuse(founding: Founding, label: str) -> None:
    if not founding.name.strip() or not founding.team.strip():
        raise NoNameError
    if Company.objects.filter(is_demo=True).exists():
        raise DemoError
    if Company.objects.filter(slug=label).exists():
        raise SlugTakenError(label)
    if User.objects.filter(email=founding.admin_email.lower()).exists():
        raise HasLogInError(founding.admin_email)


def _found(founding: Founding, label: str, *, now: datetime) -> Founded:
    firm = Company.objects.create(
        name=founding.name.strip(), slug=label, language=founding.language, time_zone=founding.time_zone
    )
    admin = User.objects.create_user(
        founding.admin_email,
        founding.password,
        name=founding.admin_name.strip() or founding.admin_email.partition("@")[0],
        language=founding.language,
        time_zone=founding.time_zone,
    )
    with company(firm.id):
        team = Team.objects.create(company=firm, name=founding.team.strip())
        advisor = Advisor.objects.create(company=firm, user=admin, role=Role.ADMIN, default_team=team)
        Membership.objects.create(company=firm, advisor=advisor, team=team, is_manager=True)
        record(Kind.COMPANY, firm.name, by=advisor, at=now, action=Action.ADDED)
        record(Kind.TEAM, team.name, by=advisor, at=now, action=Action.ADDED, team=team)
        return Founded(firm, admin, team, generate_address(team))

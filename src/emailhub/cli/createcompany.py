"""`emailhub createcompany`: a company, its first administrator and its first team, for scripts."""

from __future__ import annotations

import argparse
import secrets
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from emailhub.cli.environment import ready
from emailhub.cli.errors import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="the company's name, as customers know it")
    parser.add_argument(
        "--slug", default="", help="its part of the generated addresses; default: from the name"
    )
    parser.add_argument("--admin", required=True, metavar="EMAIL", help="the administrator's log-in")
    parser.add_argument("--admin-name", default="", help="the administrator's name")
    parser.add_argument("--team", default="Support", help="the first team's name")
    parser.add_argument("--language", choices=("es", "en"), default="en")
    parser.add_argument("--time-zone", default="Europe/Madrid")


def run(options: argparse.Namespace) -> int:
    with ready():
        from emailhub.cli.migrate import migrate

        migrate()
        address, password = create(options)
    print(f"Log-in:   {options.admin.lower()}\nPassword: {password}\nTeam's address: {address}")
    return 0


def create(options: argparse.Namespace) -> tuple[str, str]:
    """Make the company, whole or not at all. Returns the team's address and the administrator's password."""
    label = _label(options)
    _refuse(options, label)
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        return _make(options, label, password), password


def _label(options: argparse.Namespace) -> str:
    from emailhub.hub.transliteration import slug

    label = slug(options.slug or options.name)
    if not label:
        raise CommandError("the company's name has no letter that an address can have: give --slug")
    return label


def _refuse(options: argparse.Namespace, label: str) -> None:
    from emailhub.accounts.models import Company, User

    try:
        ZoneInfo(options.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CommandError(f"{options.time_zone!r} is not a time zone; one is Europe/Madrid") from error
    try:
        validate_email(options.admin)
    except ValidationError as error:
        raise CommandError(f"{options.admin!r} is not an e-mail address") from error
    if Company.objects.filter(slug=label).exists():
        raise CommandError(f"another company has the slug {label}: give --slug")
    if Company.objects.filter(is_demo=True).exists():
        raise CommandError("this data folder holds the demo; use another EMAILHUB_DATA for real mail")
    if User.objects.filter(email=options.admin.lower()).exists():
        raise CommandError(f"{options.admin} has a log-in already")


def _make(options: argparse.Namespace, label: str, password: str) -> str:
    from emailhub.accounts.models import Advisor, Company, Membership, Role, Team, User
    from emailhub.accounts.tenancy import company
    from emailhub.hub.addresses import generate_address

    firm = Company.objects.create(
        name=options.name, slug=label, language=options.language, time_zone=options.time_zone
    )
    user = User.objects.create_user(
        options.admin.lower(),
        password,
        name=options.admin_name or options.admin.partition("@")[0],
        language=options.language,
        time_zone=options.time_zone,
    )
    with company(firm.id):
        team = Team.objects.create(company=firm, name=options.team)
        advisor = Advisor.objects.create(company=firm, user=user, role=Role.ADMIN, default_team=team)
        Membership.objects.create(company=firm, advisor=advisor, team=team, is_manager=True)
        return generate_address(team).address

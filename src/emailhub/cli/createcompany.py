"""`emailhub createcompany`: a company, its first administrator and its first team, for scripts."""

from __future__ import annotations

import argparse
import secrets
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

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
    from emailhub.accounts.errors import BadSlugError, HasLogInError, NoNameError, SlugTakenError
    from emailhub.hub.found_company import DemoError, Founding, found_company

    _refuse(options)
    founding = Founding(
        name=options.name,
        slug=options.slug,
        team=options.team,
        admin_email=options.admin,
        admin_name=options.admin_name,
        password=secrets.token_urlsafe(12),
        language=options.language,
        time_zone=options.time_zone,
    )
    try:
        return found_company(founding, now=datetime.now(UTC)).address.address, founding.password
    except BadSlugError as error:
        raise CommandError(
            "the company's name has no letter that an address can have: give --slug"
        ) from error
    except SlugTakenError as error:
        raise CommandError(f"another company has the slug {error.slug}: give --slug") from error
    except HasLogInError as error:
        raise CommandError(f"{options.admin} has a log-in already") from error
    except (NoNameError, DemoError) as error:
        raise CommandError(str(error)) from error


def _refuse(options: argparse.Namespace) -> None:
    try:
        ZoneInfo(options.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CommandError(f"{options.time_zone!r} is not a time zone; one is Europe/Madrid") from error
    try:
        validate_email(options.admin)
    except ValidationError as error:
        raise CommandError(f"{options.admin!r} is not an e-mail address") from error

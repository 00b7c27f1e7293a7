"""Fill new data with the demo, in one go: a start that was interrupted begins anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from emailhub import mail
from emailhub.accounts.models import Advisor, Company, Membership, Team, User
from emailhub.accounts.tenancy import company
from emailhub.channels.demo.send import DOMAIN
from emailhub.cli.errors import CommandError
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Seen, Ticket
from emailhub.hub.models import Identity

from . import passwords
from .houses import HOUSES
from .in_order import put_in_order
from .playing import Stage
from .saved import keep_replies
from .setting_up import give_addresses, rename, set_up
from .settings import TeamSettings
from .story import Colleague, Customer, House

UNREAD_FOR = timedelta(hours=16)  # what is older, everybody has read


class NotForDemoError(CommandError):
    """Here is no place for the demo; its text says why."""


@transaction.atomic
def fill(*, now: datetime | None = None) -> None:
    """Make the demo's companies, teams, people and conversations. Data that has them is left as it is.

    Raises NotForDemoError over real companies and under a mail domain that others could write to.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('emailhub demo', 0))")
    if Company.objects.filter(is_demo=True).exists():
        return
    _refuse_real_data()
    people = [(one.name, one.address) for house in HOUSES for one in house.colleagues]
    secrets = passwords.make(people)
    for house in HOUSES:
        _furnish(house, secrets, now or timezone.now())


def _refuse_real_data() -> None:
    if Company.objects.exists():
        raise NotForDemoError("there are real companies: the demo is not mixed with them")
    if not settings.MAIL_DOMAIN.endswith(DOMAIN):
        raise NotForDemoError(
            f"the demo's addresses end in {DOMAIN}, EMAILHUB_MAIL_DOMAIN is {settings.MAIL_DOMAIN}"
        )


def _furnish(house: House, secrets: dict[str, str], now: datetime) -> None:
    firm = Company.objects.create(
        name=house.name, slug=house.slug, language=house.language, time_zone=house.time_zone, is_demo=True
    )
    settings = {each.team: each for each in house.settings}
    with company(firm.id):
        teams = {name: _make_team(firm, name, settings.get(name)) for name in house.teams}
        for colleague in house.colleagues:
            _employ(colleague, firm, house, teams, secrets[colleague.address])
        for customer in _known_customers(house):
            _introduce(customer, firm, now)
        _rename(house, teams, now)
    stage = Stage(firm, house, now=now)
    stage.play()
    set_up(firm, stage, house.settings, now=now)
    with company(firm.id):
        put_in_order(firm, now=now)
        keep_replies(firm, now=now)
        _read_what_is_older(now - UNREAD_FOR)


def _make_team(firm: Company, name: str, settings: TeamSettings | None) -> Team:
    team = Team.objects.create(company=firm, name=name)
    give_addresses(team, settings)
    Identity.objects.filter(team=team).update(display_name=f"{name} {firm.name}")
    return team


def _employ(colleague: Colleague, firm: Company, house: House, teams: dict[str, Team], password: str) -> None:
    user = User.objects.create_user(
        colleague.address, password, name=colleague.name, language=house.language, time_zone=house.time_zone
    )
    advisor = Advisor.objects.create(
        company=firm,
        user=user,
        role=colleague.role,
        default_team=teams[colleague.teams[0]],
        signature=mail.sanitise_outgoing(_signature(colleague, firm)),
    )
    for name in colleague.teams:
        Membership.objects.create(
            company=firm, advisor=advisor, team=teams[name], is_manager=name in colleague.manages
        )


def _rename(house: House, teams: dict[str, Team], now: datetime) -> None:
    for each in house.settings:
        if each.former_name:
            manager = Advisor.objects.select_related("user").get(user__email=each.manager.address)
            rename(teams[each.team], manager, now=now)


def _signature(colleague: Colleague, firm: Company) -> str:
    last = f"{firm.name} · {colleague.phone}" if colleague.phone else firm.name
    lines = (f"<b>{escape(colleague.name)}</b>", escape(colleague.title), escape(last))
    return f"<p>{'<br>'.join(lines)}</p>"


def _known_customers(house: House) -> list[Customer]:
    """Everybody who takes part in a story and is no stranger."""
    people: dict[str, Customer] = {}
    for story in house.stories:
        for turn in story.turns:
            more = (getattr(turn, "by", None), *getattr(turn, "cc", ()))
            people |= {one.address: one for one in more if isinstance(one, Customer)}
        people[story.customer.address] = story.customer
    return [one for one in people.values() if one.known]


def _introduce(customer: Customer, firm: Company, now: datetime) -> None:
    create_contact(
        firm,
        name=customer.name,
        address=customer.address,
        phone=customer.phone,
        organisation=customer.organisation,
        confirmed_at=now - timedelta(days=90),
    )


def _read_what_is_older(limit: datetime) -> None:
    """Leave unread what came since `limit`, but to those who have worked on it."""
    older = Ticket.objects.filter(last_activity_at__lt=limit)
    Seen.objects.bulk_create(
        (
            Seen(
                company_id=ticket.company_id,
                ticket=ticket,
                advisor=advisor,
                activity_id=ticket.last_activity_id,
            )
            for ticket in older
            for advisor in Advisor.objects.all()
        ),
        update_conflicts=True,
        unique_fields=["company", "advisor", "ticket"],
        update_fields=["activity_id"],
    )

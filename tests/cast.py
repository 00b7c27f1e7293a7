"""The people of the tests. Two companies, so that every test can have a stranger."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from emailhub.accounts.models import Advisor, Company, Membership, Role, Team, User
from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Contact
from emailhub.hub.addresses import generate_address

PASSWORD = "correct horse battery staple"
CARLA = "carla@customer.example"
JON = "jon@workshop.example"
MALLORY = "mallory@evil.example"


@dataclass(frozen=True)
class Cast:
    dealer: Company
    service: Team  # service.dealer@inbox.example
    parts: Team  # parts.dealer@inbox.example
    ana: Advisor  # manager of Service
    ben: Advisor  # member of Service
    pat: Advisor  # member of Parts alone
    vera: Advisor  # view-only in Service
    olga: Advisor  # administrator
    carla: Contact  # carla@customer.example, known
    farm: Company
    office: Team  # office.farm@inbox.example
    frank: Advisor  # of the other company

    service_address = "service.dealer@inbox.example"
    parts_address = "parts.dealer@inbox.example"
    office_address = "office.farm@inbox.example"


def gather_cast() -> Cast:
    dealer = Company.objects.create(name="Dealer Group", slug="dealer", language="en")
    farm = Company.objects.create(name="Farm", slug="farm", language="en")
    with company(dealer.id):
        service, parts = (Team.objects.create(company=dealer, name=name) for name in ("Service", "Parts"))
        for team in (service, parts):
            generate_address(team)
        people = {
            "ana": _advisor(dealer, "Ana", service, manager=True),
            "ben": _advisor(dealer, "Ben", service),
            "pat": _advisor(dealer, "Pat", parts),
            "vera": _advisor(dealer, "Vera", service, role=Role.VIEW_ONLY),
            "olga": _advisor(dealer, "Olga", None, role=Role.ADMIN),
        }
        carla = create_contact(dealer, name="Carla Ruiz", address=CARLA, confirmed_at=timezone.now())
    with company(farm.id):
        office = Team.objects.create(company=farm, name="Office")
        generate_address(office)
        frank = _advisor(farm, "Frank", office, manager=True)
    return Cast(
        dealer=dealer,
        service=service,
        parts=parts,
        carla=carla,
        farm=farm,
        office=office,
        frank=frank,
        **people,
    )


def _advisor(
    firm: Company, name: str, team: Team | None, *, manager: bool = False, role: Role = Role.ADVISOR
) -> Advisor:
    user = User.objects.create_user(
        f"{name.lower()}@{firm.slug}.example", PASSWORD, name=name, language="en", time_zone="Europe/Madrid"
    )
    advisor = Advisor.objects.create(company=firm, user=user, role=role, default_team=team)
    if team:
        Membership.objects.create(company=firm, advisor=advisor, team=team, is_manager=manager)
    return advisor

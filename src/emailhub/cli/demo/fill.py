"""Fill new data with the demo, in one go: a start that was interrupted begins anew."""

from __future__ import annotations

from django.db import transaction

from emailhub.accounts.models import Advisor, Company, Membership, Role, Team, User
from emailhub.accounts.tenancy import company
from emailhub.hub.addresses import generate_address

from . import passwords

PEOPLE = [
    ("Lucía Ferrer", "lucia@campoverde.example"),
    ("Marta Ibáñez", "marta@campoverde.example"),
    ("Andrés Quintana", "andres@campoverde.example"),
]


@transaction.atomic
def fill() -> None:
    """Make the demo's companies, teams, people and conversations."""
    secrets = passwords.make(PEOPLE)
    firm = Company.objects.create(name="Campo Verde", slug="campoverde", language="es", is_demo=True)
    with company(firm.id):
        teams = [Team.objects.create(company=firm, name=name) for name in ("Servicio", "Repuestos", "Ventas")]
        for team in teams:
            generate_address(team)
        for place, (name, email) in enumerate(PEOPLE):
            user = User.objects.create_user(email, secrets[email], name=name, language="es")
            role = Role.ADMIN if place == 0 else Role.ADVISOR
            advisor = Advisor.objects.create(company=firm, user=user, role=role, default_team=teams[0])
            for team in teams[: 3 - place]:
                Membership.objects.create(company=firm, advisor=advisor, team=team, is_manager=place == 0)

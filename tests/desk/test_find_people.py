"""Contacts by a part of what is known of them, and whom a few letters of a recipient could mean."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from emailhub.accounts.models import Team
from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Contact, Participant
from emailhub.desk.open_ticket import create_ticket
from emailhub.desk.people import find_contacts, suggest
from emailhub.mail import Mailbox
from tests.cast import CARLA, Cast
from tests.conftest import as_owner


def names(cast: Cast, words: str) -> list[str]:
    return [contact.name for contact in find_contacts(cast.ana, words, at_most=10)]


def take_part(cast: Cast, team: Team, *people: tuple[str, str, str]) -> None:
    ticket = create_ticket(team=team, contact=cast.carla, subject="Pump", now=timezone.now())
    for name, address, part in people:
        Participant.objects.create(
            company=cast.dealer, ticket=ticket, name=name, address=address, part=Participant.Part(part)
        )


def addresses(cast: Cast, words: str, *, limit: int = 8) -> list[str]:
    return [mailbox.address for mailbox in suggest(cast.ana, words, limit=limit)]


@pytest.mark.parametrize(
    "words",
    [
        "Íñigo",
        "ÍÑIGO GARC",
        "inigo",
        "garcia íñigo",
        "lopez iñigo",
        "taller lópez",
        "inigo@lopez",
        "+34 600 11 22 33",
        "0034600112233",
        "(600) 11-22",
    ],
)
def test_a_contact_is_found_by_a_part_of_all_that_is_known_of_it(inside: Cast, words: str) -> None:
    create_contact(
        inside.dealer,
        name="Íñigo García",
        organisation="Taller López",
        address="inigo@lopez.example",
        phone="+34 600 112 233",
    )
    assert names(inside, words) == ["Íñigo García"]


@pytest.mark.parametrize("words", ["%", "_arla", "Car%Ruiz", "\\", "12", "600 or Carla"])
def test_what_is_a_pattern_elsewhere_is_taken_as_it_is_written(inside: Cast, words: str) -> None:
    create_contact(inside.dealer, name="Jon", phone="+34 612 121 212")
    assert names(inside, words) == []


def test_contacts_stand_by_name_and_each_one_once(inside: Cast) -> None:
    for name in ("Zoe Ruiz", "Ana Ruiz", "Mia Ruiz"):
        contact = create_contact(inside.dealer, name=name, address=f"{name[:3].lower()}@ruiz.example")
        contact.organisation = "Ruiz e hijos"
        contact.save()
    assert names(inside, "ruiz") == ["Ana Ruiz", "Carla Ruiz", "Mia Ruiz", "Zoe Ruiz"]
    assert [contact.name for contact in find_contacts(inside.ana, "ruiz", at_most=1)] == ["Ana Ruiz"]


def test_contacts_are_suggested_before_others_and_nobody_twice(inside: Cast) -> None:
    take_part(inside, inside.service, ("C. Ruiz", CARLA, "from"), ("Rui Z", "rui@zorro.example", "cc"))
    take_part(inside, inside.service, ("Ruizmo", "mo@ruiz.example", "to"), ("Rui", "rui@zorro.example", "to"))
    assert suggest(inside.ana, "rui") == [
        Mailbox("Carla Ruiz", CARLA),
        Mailbox("Rui", "rui@zorro.example"),  # by the name of the last time
        Mailbox("Ruizmo", "mo@ruiz.example"),
    ]
    assert addresses(inside, "rui", limit=2) == [CARLA, "rui@zorro.example"]


def test_who_was_only_in_bcc_is_not_suggested(inside: Cast) -> None:
    take_part(
        inside, inside.service, ("Sec", "sec@secret.example", "bcc"), ("Sec", "other@secret.example", "bcc")
    )
    take_part(inside, inside.service, ("", "other@secret.example", "cc"))
    assert addresses(inside, "secret") == ["other@secret.example"]


def test_people_of_another_teams_tickets_are_not_suggested(inside: Cast) -> None:
    take_part(inside, inside.parts, ("Paula", "paula@parts.example", "from"))
    assert suggest(inside.ben, "paula") == []
    assert [mailbox.address for mailbox in suggest(inside.pat, "paula")] == ["paula@parts.example"]


def test_known_faces_do_not_crowd_out_the_others(inside: Cast) -> None:
    for number in range(3):
        create_contact(inside.dealer, name=f"Rita {number}", address=f"rita{number}@x.example")
    take_part(inside, inside.service, ("Rita 9", "rita9@x.example", "cc"))
    known = [(f"Rita {number}", f"rita{number}@x.example", "cc") for number in range(3)]
    take_part(inside, inside.service, *known)
    assert addresses(inside, "rita", limit=4)[-1] == "rita9@x.example"


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM find_contacts(%s, 'Carla', 9)",
        "SELECT * FROM find_emails(%s, 'Carla', 9)",
        "SELECT * FROM find_participants(%s, ARRAY(SELECT generate_series(1::bigint, 999)), 'carla', 9)",
    ],
)
def test_a_company_other_than_the_one_that_is_set_is_not_asked(cast: Cast, question: str) -> None:
    def ask() -> int:
        with connection.cursor() as cursor:
            cursor.execute(question, [cast.dealer.id])
            return len(cursor.fetchall())

    with company(cast.dealer.id):
        take_part(cast, cast.service, ("Carla", CARLA, "from"))
        assert ask() == 1
    assert ask() == 0
    with company(cast.farm.id):
        assert ask() == 0


@pytest.mark.usefixtures("django_db_setup")
def test_nobody_but_the_applications_role_may_ask() -> None:
    with as_owner() as owner:
        rows = owner.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND prorettype <> 'trigger'::regtype"
            " AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))"
            " WHERE grantee = 0)"
        ).fetchall()
    assert rows == []


def test_a_contact_of_another_company_is_not_found(cast: Cast) -> None:
    with company(cast.farm.id):
        create_contact(cast.farm, name="Carla Farmer", address="carla@farm.example")
        assert [contact.name for contact in find_contacts(cast.frank, "carla", at_most=9)] == ["Carla Farmer"]
        assert Contact.objects.count() == 1

"""What a form says of a contact is stored whole or not at all."""

from __future__ import annotations

import pytest
from django.utils import timezone

from emailhub.desk.contacts import Card, add_email, create_contact, new_contact, save_card
from emailhub.desk.errors import AddressTakenError, BadPhoneError, ContactsNotAllowedError, NoNameError
from emailhub.desk.models import Contact
from emailhub.desk.segments import create_segment
from tests.cast import CARLA, Cast


def addresses(contact: Contact) -> list[tuple[str, bool]]:
    return list(contact.emails.order_by("id").values_list("address", "is_primary"))


def test_a_contact_made_by_hand_is_known(inside: Cast) -> None:
    card = Card(name=" Gala  Mota ", emails=["gala@garden.example"], phones=["600 111 222"], language="en")
    made = new_contact(inside.dealer, card, by=inside.ben, now=timezone.now())
    assert (made.name, made.language, made.confirmed_at is not None) == ("Gala Mota", "en", True)
    assert addresses(made) == [("gala@garden.example", True)]
    assert made.phones.get().number == "+34600111222"


def test_without_a_name_the_address_gives_one_and_nothing_at_all_is_refused(inside: Cast) -> None:
    card = Card(emails=["", "gala@garden.example"])
    assert new_contact(inside.dealer, card, by=inside.ben, now=timezone.now()).name == "gala"
    with pytest.raises(NoNameError):
        new_contact(inside.dealer, Card(name=" ", emails=[""]), by=inside.ben, now=timezone.now())


def test_what_is_refused_leaves_no_half_of_it(inside: Cast) -> None:
    before = Contact.objects.count()
    with pytest.raises(BadPhoneError):
        new_contact(inside.dealer, Card(name="Gala", phones=["12ab34"]), by=inside.ben, now=timezone.now())
    with pytest.raises(AddressTakenError):
        save_card(
            create_contact(inside.dealer, name="Jon"),
            Card(name="Joan", emails=[CARLA]),
            by=inside.ben,
            now=timezone.now(),
        )
    assert Contact.objects.count() == before + 1
    assert not Contact.objects.filter(name="Joan").exists()


def test_saving_a_card_keeps_the_primary_address_wherever_it_stands(inside: Cast) -> None:
    """The card lists addresses by age: the first of them became primary by being saved."""
    add_email(inside.carla, "carla@home.example")
    card = Card(emails=[CARLA, "carla@home.example"], primary_email="carla@home.example")
    save_card(inside.carla, card, by=inside.ben, now=timezone.now())
    save_card(inside.carla, Card(emails=[CARLA, "carla@home.example"]), by=inside.ben, now=timezone.now())
    assert addresses(inside.carla) == [(CARLA, False), ("carla@home.example", True)]


def test_what_a_form_does_not_ask_stays_as_it_is(inside: Cast) -> None:
    dairy = create_segment(inside.dealer, "Dairy", by=inside.ben)
    whole = Card(account_number="A-7", emails=[CARLA], shared_sender=True, segment_ids=[dairy.pk])
    save_card(inside.carla, whole, by=inside.ben, now=timezone.now())
    save_card(inside.carla, Card(name="Carla R.", emails=[CARLA]), by=inside.ben, now=timezone.now())
    carla = Contact.objects.get(pk=inside.carla.pk)
    assert (carla.name, carla.account_number, carla.shared_sender) == ("Carla R.", "A-7", True)
    assert list(carla.segments.all()) == [dairy]


def test_who_may_only_read_makes_and_changes_nobody(inside: Cast) -> None:
    with pytest.raises(ContactsNotAllowedError):
        new_contact(inside.dealer, Card(name="Gala"), by=inside.vera, now=timezone.now())
    with pytest.raises(ContactsNotAllowedError):
        save_card(inside.carla, Card(name="Carl"), by=inside.vera, now=timezone.now())

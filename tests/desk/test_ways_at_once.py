"""Two people who save an address or a number at the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import add_email, add_phone, create_contact
from emailhub.desk.errors import AddressTakenError
from emailhub.desk.models import Contact, ContactEmail, ContactPhone
from tests.cast import Cast
from tests.locks import wait_until_somebody_waits

Way = ContactEmail | ContactPhone


def beside(company_id: int, contact: Contact, way: str, outcomes: list[Way | AddressTakenError]) -> None:
    """Add the way in a connection of its own."""
    add = add_email if "@" in way else add_phone
    try:
        with company(company_id):
            outcomes.append(add(contact, way))
    except AddressTakenError as error:
        outcomes.append(error)
    finally:
        connection.close()


def at_once(cast: Cast, first: Contact, way: str, second: Contact, other_way: str) -> Way | AddressTakenError:
    """The first contact gets a way; what comes of the second's, begun before that was committed."""
    outcomes: list[Way | AddressTakenError] = []
    other = threading.Thread(target=beside, args=(cast.dealer.id, second, other_way, outcomes))
    with company(cast.dealer.id):
        (add_email if "@" in way else add_phone)(first, way)
        other.start()
        wait_until_somebody_waits()
    other.join()
    return outcomes[0]


def two_contacts(cast: Cast) -> tuple[Contact, Contact]:
    with company(cast.dealer.id):
        return create_contact(cast.dealer, name="Uno"), create_contact(cast.dealer, name="Dos")


@pytest.mark.parametrize("way", ["both@customer.example", "+34600111222"])
def test_the_second_is_told_whose_it_is(committed_cast: Cast, way: str) -> None:
    one, two = two_contacts(committed_cast)
    refused = at_once(committed_cast, one, way, two, way)
    assert isinstance(refused, AddressTakenError)
    assert (refused.value, refused.contact) == (way, one)


@pytest.mark.parametrize("way", ["both@customer.example", "+34600111222"])
def test_the_same_for_one_contact_is_one(committed_cast: Cast, way: str) -> None:
    one, _ = two_contacts(committed_cast)
    assert str(at_once(committed_cast, one, way, one, way)) == way


def test_two_first_addresses_of_one_contact_are_one_primary_and_one_more(committed_cast: Cast) -> None:
    one, _ = two_contacts(committed_cast)
    second = at_once(committed_cast, one, "a@customer.example", one, "b@customer.example")
    assert isinstance(second, ContactEmail)
    assert (second.address, second.is_primary) == ("b@customer.example", False)

"""Telephone numbers: taken as people write them, kept in one form, refused where they are none."""

from __future__ import annotations

import pytest

from emailhub.accounts.models import Company
from emailhub.desk.contacts import add_phone, set_phones
from emailhub.desk.errors import BadPhoneError
from emailhub.desk.models import ContactPhone
from emailhub.desk.phones import read_phone, region_of, show_phone
from tests.cast import Cast


@pytest.mark.parametrize(
    "written",
    [
        "600 111 222",
        "600-111-222",
        "(600) 111.222",
        " +34 600 11 12 22 ",
        "0034600111222",
        "tel:+34600111222",
        "600\u00a0111\u00a0222",
        "٦٠٠١١١٢٢٢",
    ],
)
def test_a_number_is_one_however_it_is_written(written: str) -> None:
    assert read_phone(written, region="ES") == "+34600111222"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "12345",
        "600 111 22",
        "600 111 222 333 444",
        "600111222 / 600111333",
        "600111222 ext 5",
        "call 600 111 222",
        "1-800-FLOWERS",
        "12ab34",
        "+999 600 111 222",
        "+34",
        "600111222; 600111333",
    ],
)
def test_what_is_no_whole_number_is_refused(written: str) -> None:
    with pytest.raises(BadPhoneError, match="country code"):
        read_phone(written, region="ES")


def test_without_a_country_of_ones_own_the_code_is_needed() -> None:
    assert read_phone("+44 20 7946 0018", region=None) == "+442079460018"
    with pytest.raises(BadPhoneError):
        read_phone("600 111 222", region=None)


def test_numbers_are_shown_in_groups_and_old_ones_as_they_are() -> None:
    assert show_phone("+34600111222") == "+34 600 11 12 22"
    assert show_phone("+442079460018") == "+44 20 7946 0018"
    assert show_phone("600 odd") == "600 odd"
    assert show_phone("+") == "+"


@pytest.mark.parametrize(
    ("zone", "region"), [("Europe/Madrid", "ES"), ("America/Mexico_City", "MX"), ("UTC", None)]
)
def test_a_company_is_of_the_country_of_its_time_zone(zone: str, region: str | None) -> None:
    assert region_of(Company(time_zone=zone)) == region


def test_a_number_from_before_numbers_were_checked_may_stay(inside: Cast) -> None:
    ContactPhone.objects.create(company=inside.dealer, contact=inside.carla, number="123", is_primary=True)
    set_phones(inside.carla, ["123", "600 111 222"])
    assert [phone.number for phone in inside.carla.phones.order_by("id")] == ["123", "+34600111222"]


def test_the_first_number_is_primary_until_another_is_chosen(inside: Cast) -> None:
    for number in ("600 111 222", "600 111 333"):
        add_phone(inside.carla, number)
    assert inside.carla.phones.get(is_primary=True).number == "+34600111222"
    set_phones(inside.carla, ["600 111 222", "600 111 333"], primary="+34 600 11 13 33")
    assert inside.carla.phones.get(is_primary=True).number == "+34600111333"
    set_phones(inside.carla, ["600 111 222"])
    assert inside.carla.phones.get(is_primary=True).number == "+34600111222"

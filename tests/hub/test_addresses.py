"""The addresses that teams are given."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from emailhub.accounts.models import Team
from emailhub.accounts.permissions import NotPermittedError
from emailhub.accounts.tenancy import company
from emailhub.hub.addresses import (
    generate_address,
    generate_new_address,
    note_received,
    outdated_by_rename,
    set_sender,
    team_of,
)
from emailhub.hub.errors import UnprovedSenderError
from emailhub.hub.models import HubAddress, Identity
from emailhub.mail import is_sendable
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.locks import wait_until_somebody_waits
from tests.post import receive


@pytest.mark.parametrize("length", [20, 61, 62, 63, 64, 100])
def test_a_team_with_a_long_name_gets_addresses_that_every_server_takes(inside: Cast, length: int) -> None:
    team = Team.objects.create(company=inside.dealer, name="a" * length)
    addresses = [generate_address(team).address for _ in range(2)]
    assert len(set(addresses)) == 2
    assert all(is_sendable(address) for address in addresses), addresses


def test_two_at_once_for_a_team_without_a_sender_get_two_addresses(committed_cast: Cast) -> None:
    with company(committed_cast.dealer.id):
        team = Team.objects.create(company=committed_cast.dealer, name="Sales")
        Identity.objects.create(company=committed_cast.dealer, team=team)

    def second() -> None:
        try:
            with company(committed_cast.dealer.id):
                generate_address(team)
        finally:
            connection.close()

    beside = threading.Thread(target=second, daemon=True)
    with company(committed_cast.dealer.id):
        generate_address(team)
        beside.start()
        wait_until_somebody_waits()
    beside.join(timeout=20)
    assert not beside.is_alive()
    with company(committed_cast.dealer.id):
        given = HubAddress.objects.filter(team=team).order_by("id").values_list("address", "is_sender")
        assert list(given) == [
            ("sales.dealer@inbox.example", True),
            ("sales.dealer-2@inbox.example", False),
        ]


def test_a_renamed_team_is_offered_a_new_address_and_both_receive(inside: Cast) -> None:
    team, now = inside.service, timezone.now()
    assert not outdated_by_rename(team)
    team.name = "Taller Ñandú"
    team.save()
    assert outdated_by_rename(team)
    new = generate_new_address(team, by=inside.ana, now=now)
    assert new.address == "taller-nandu.dealer@inbox.example"
    assert not new.is_sender
    assert not outdated_by_rename(team)
    assert team_of(new.address) == team_of(inside.service_address) == (inside.dealer.id, team.id)
    assert HubAddress.objects.get(address=inside.service_address).team_name == "Service"
    set_sender(team, new.pk, by=inside.ana, now=now)
    assert list(HubAddress.objects.filter(team=team, is_sender=True)) == [new]


def test_asked_once_more_a_team_gets_a_numbered_address_and_is_offered_no_other(inside: Cast) -> None:
    second = generate_new_address(inside.service, by=inside.ana, now=timezone.now())
    assert second.address == "service.dealer-2@inbox.example"
    HubAddress.objects.exclude(pk=second.pk).filter(team=inside.service).update(address="old@inbox.example")
    assert not outdated_by_rename(inside.service)


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("Łódź Straße", "lodz-strasse"),
        ("Сервис Київ", "servis-kiyiv"),
        ("Σέρβις", "servis"),
        ("Ærø & Þór", "aero-thor"),
        ("客服", "team"),
        ("  --  ", "team"),
        ("Postmaster", "postmaster"),
    ],
)
def test_names_are_transliterated(inside: Cast, name: str, local: str) -> None:
    team = Team.objects.create(company=inside.dealer, name=name)
    assert generate_address(team).address == f"{local}.dealer@inbox.example"


def test_an_unproved_company_address_receives_but_is_refused_as_the_sender(inside: Cast) -> None:
    team = inside.service
    theirs = HubAddress.objects.create(
        company=inside.dealer, team=team, address="support@dealer.example", kind=HubAddress.Kind.COMPANY
    )
    with pytest.raises(UnprovedSenderError, match=r"support@dealer\.example"):
        set_sender(team, theirs.pk, by=inside.ana, now=timezone.now())
    assert HubAddress.objects.get(team=team, is_sender=True).address == inside.service_address
    assert team_of("support@dealer.example") == (inside.dealer.id, team.id)
    theirs.proved_for_sending_at = timezone.now()
    theirs.save()
    set_sender(team, theirs.pk, by=inside.ana, now=timezone.now())
    assert HubAddress.objects.get(team=team, is_sender=True) == theirs


def test_the_sender_is_chosen_among_the_team_s_own_addresses_by_its_managers(inside: Cast) -> None:
    parts = HubAddress.objects.get(team=inside.parts)
    with pytest.raises(HubAddress.DoesNotExist):
        set_sender(inside.service, parts.pk, by=inside.ana, now=timezone.now())
    with pytest.raises(NotPermittedError):
        set_sender(inside.parts, parts.pk, by=inside.ana, now=timezone.now())
    with pytest.raises(NotPermittedError):
        generate_new_address(inside.service, by=inside.ben, now=timezone.now())


def test_two_that_choose_a_sender_at_once_leave_exactly_one(committed_cast: Cast) -> None:
    cast, now = committed_cast, timezone.now()
    with company(cast.dealer.id):
        first, second = (generate_new_address(cast.service, by=cast.ana, now=now) for _ in range(2))

    def beside() -> None:
        try:
            with company(cast.dealer.id):
                set_sender(cast.service, second.pk, by=cast.olga, now=now)
        finally:
            connection.close()

    other = threading.Thread(target=beside, daemon=True)
    with company(cast.dealer.id):
        set_sender(cast.service, first.pk, by=cast.ana, now=now)
        other.start()
        wait_until_somebody_waits()
    other.join(timeout=20)
    with company(cast.dealer.id):
        assert list(HubAddress.objects.filter(team=cast.service, is_sender=True)) == [second]


def test_it_is_remembered_to_the_minute_when_mail_came_last_to_an_address(inside: Cast) -> None:
    first = timezone.now()
    note_received(["service.dealer+t0k3n@inbox.example", "elsewhere@x.example"], at=first)
    note_received([inside.service_address], at=first + timedelta(seconds=30))
    address = HubAddress.objects.get(address=inside.service_address)
    assert address.last_received_at == first
    note_received([inside.service_address], at=first + timedelta(minutes=2))
    address.refresh_from_db()
    assert address.last_received_at == first + timedelta(minutes=2)
    assert HubAddress.objects.get(team=inside.parts).last_received_at is None


def test_a_mail_that_comes_in_is_noted_at_its_address(inside: Cast) -> None:
    row = receive(inside.dealer.id, letter(CARLA), inside.service_address)
    assert HubAddress.objects.get(address=inside.service_address).last_received_at == row.received_at

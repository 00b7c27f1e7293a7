"""What a manager decides about a team's e-mail, and what becomes of the mail then."""

from __future__ import annotations

import pytest
from django.utils import timezone

from emailhub.accounts.models import Team
from emailhub.accounts.permissions import NotPermittedError
from emailhub.hub.display_name import AtSignError
from emailhub.hub.errors import NeverSwitchedOnError
from emailhub.hub.identity import (
    identity_of,
    set_display_name,
    set_display_name_in_automatic_replies,
    set_known_contacts_only,
    switch_off,
    switch_on,
)
from emailhub.hub.models import HubAddress
from tests.cast import Cast


@pytest.fixture
def sales(inside: Cast) -> Team:
    return Team.objects.create(company=inside.dealer, name="Soporte técnico")


def test_switched_on_a_team_has_its_address_and_it_is_the_sender(inside: Cast, sales: Team) -> None:
    assert identity_of(sales) is None
    switch_on(sales, by=inside.olga, now=timezone.now())
    address = HubAddress.objects.get(team=sales)
    assert address.address == "soporte-tecnico.dealer@inbox.example"
    assert address.is_sender


def test_off_and_on_again_a_team_has_the_same_address(inside: Cast) -> None:
    now = timezone.now()
    assert not switch_off(inside.service, by=inside.ana, now=now).enabled
    assert HubAddress.objects.filter(team=inside.service).exists()
    assert switch_on(inside.service, by=inside.ana, now=now).enabled
    assert HubAddress.objects.get(team=inside.service).address == inside.service_address


@pytest.mark.parametrize("who", ["ben", "pat", "vera"])
def test_who_does_not_manage_the_team_changes_nothing(inside: Cast, who: str) -> None:
    advisor, now = getattr(inside, who), timezone.now()
    for change in (
        lambda: switch_off(inside.service, by=advisor, now=now),
        lambda: switch_on(inside.service, by=advisor, now=now),
        lambda: set_display_name(inside.service, "Mine", by=advisor, now=now),
        lambda: set_known_contacts_only(inside.service, True, by=advisor, now=now),
    ):
        with pytest.raises(NotPermittedError):
            change()
    identity = identity_of(inside.service)
    assert identity and identity.enabled and not identity.known_contacts_only and not identity.display_name


def test_a_team_without_emailhub_has_nothing_to_set(inside: Cast, sales: Team) -> None:
    now = timezone.now()
    with pytest.raises(NeverSwitchedOnError):
        set_known_contacts_only(sales, True, by=inside.olga, now=now)
    with pytest.raises(NeverSwitchedOnError):
        set_display_name(sales, "Sales", by=inside.olga, now=now)
    with pytest.raises(NeverSwitchedOnError):
        switch_off(sales, by=inside.olga, now=now)


def test_a_refused_name_leaves_the_old_one(inside: Cast) -> None:
    now = timezone.now()
    set_display_name(inside.service, "Dealer Service", by=inside.ana, now=now)
    with pytest.raises(AtSignError):
        set_display_name(inside.service, "boss@bank.example", by=inside.ana, now=now)
    identity = identity_of(inside.service)
    assert identity and identity.from_name() == "Dealer Service"


def test_the_from_line_names_the_advisor_who_sends(inside: Cast) -> None:
    identity = set_display_name(
        inside.service, "{advisor} via {team}, {company}", by=inside.ana, now=timezone.now()
    )
    assert identity.from_name(inside.ben) == "Ben via Service, Dealer Group"
    assert identity.from_name() == "Service, Dealer Group"


@pytest.mark.parametrize(
    ("toggle", "name", "shown"),
    [
        (False, "Happy Service", "Dealer Group"),
        (True, "Happy Service", "Happy Service"),
        (True, "", "Dealer Group"),
        (True, "{advisor}", "Dealer Group"),
        (True, "{advisor} from {team}", "Service"),
    ],
)
def test_automatic_replies_show_the_display_name_only_by_the_toggle(
    inside: Cast, toggle: bool, name: str, shown: str
) -> None:
    now = timezone.now()
    set_display_name(inside.service, name, by=inside.ana, now=now)
    identity = set_display_name_in_automatic_replies(inside.service, toggle, by=inside.ana, now=now)
    assert identity.automatic_from_name() == shown

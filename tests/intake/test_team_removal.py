"""A team is deleted: another one inherits its tickets, its addresses and the mail that waits for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emailhub.accounts.errors import LastTeamError
from emailhub.accounts.models import Advisor, AuditEntry, Membership, Team
from emailhub.accounts.permissions import NotPermittedError
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from emailhub.hub.addresses import team_of
from emailhub.hub.models import HubAddress, Identity
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.team_removal import delete_team
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import deliver, drain

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_tickets_addresses_and_members_are_settled(inside: Cast) -> None:
    cast = inside
    delete_team(cast.service, heir=cast.parts, by=cast.olga, now=NOW)
    assert list(Advisor.objects.get(pk=cast.olga.pk).company_teams) == [cast.parts]
    assert team_of(cast.service_address) == (cast.dealer.id, cast.parts.id)
    senders = HubAddress.objects.filter(team=cast.parts, is_sender=True).values_list("address", flat=True)
    assert list(senders) == [cast.parts_address]
    assert not Membership.objects.filter(team=cast.service).exists()
    assert Advisor.objects.get(pk=cast.ben.pk).default_team is None
    assert not Identity.objects.get(team=cast.service).enabled
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.what, entry.team) == ("removed", "Service", cast.parts)


def test_a_company_keeps_a_team(inside: Cast) -> None:
    with pytest.raises(LastTeamError):
        delete_team(inside.service, heir=None, by=inside.olga, now=NOW)
    with pytest.raises(LastTeamError):
        delete_team(inside.service, heir=inside.service, by=inside.olga, now=NOW)
    delete_team(inside.service, heir=inside.parts, by=inside.olga, now=NOW)
    with pytest.raises(LastTeamError):
        delete_team(inside.parts, heir=inside.service, by=inside.olga, now=NOW)


def test_only_an_administrator_deletes_a_team(inside: Cast) -> None:
    for who in (inside.ana, inside.ben, inside.vera):
        with pytest.raises(NotPermittedError):
            delete_team(inside.service, heir=inside.parts, by=who, now=NOW)
    assert Team.objects.existing().count() == 2


def test_a_customers_mail_finds_the_heir_before_and_after(committed_cast: Cast) -> None:
    """One is filed, one waits while the team is deleted, one comes to its address afterwards."""
    cast = committed_cast
    deliver(letter(CARLA, cast.service_address, subject="Filed"), cast.service_address)
    drain()
    deliver(letter(CARLA, cast.service_address, subject="Waits"), cast.service_address)
    with company(cast.dealer.id):
        delete_team(cast.service, heir=cast.parts, by=cast.olga, now=NOW)
    deliver(letter(CARLA, cast.service_address, subject="Later"), cast.service_address)
    drain()
    with company(cast.dealer.id):
        assert not ReceivedMessage.objects.exclude(state="done").exists()
        assert {ticket.team for ticket in Ticket.objects.all()} == {cast.parts}
        subjects = set(Ticket.objects.values_list("activities__message__subject", flat=True))
        assert subjects >= {"Filed", "Waits", "Later"}


def test_a_mail_that_was_accepted_a_moment_before_belongs_to_the_heir(committed_cast: Cast) -> None:
    """Its recipient was resolved, and the team was deleted before the row was there."""
    cast = committed_cast
    deliver(letter(CARLA, cast.service_address, subject="Late"), cast.service_address)
    with company(cast.dealer.id):
        delete_team(cast.service, heir=cast.parts, by=cast.olga, now=NOW)
        ReceivedMessage.objects.update(team=cast.service)
    drain()
    with company(cast.dealer.id):
        assert Ticket.objects.get().team == cast.parts
        assert ReceivedMessage.objects.get().team == cast.parts

"""What an administrator decides for the whole company."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from emailhub.accounts.company_settings import CompanySettings, change_company, parse_slug
from emailhub.accounts.errors import BadSlugError, NoNameError, SlugTakenError
from emailhub.accounts.models import AuditEntry
from emailhub.accounts.permissions import NotPermittedError
from emailhub.hub.addresses import generate_address, team_of
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_a_change_is_kept_with_what_it_was_before(inside: Cast) -> None:
    settings = replace(CompanySettings.of(inside.dealer), name=" Dealer  Holding ", managers_read_all=False)
    changed = change_company(settings, by=inside.olga, now=NOW)
    assert (changed.name, changed.managers_read_all) == ("Dealer Holding", False)
    assert AuditEntry.objects.get().changes == {
        "name": ["Dealer Group", "Dealer Holding"],
        "managers_read_all": [True, False],
    }


def test_after_another_slug_the_old_addresses_still_receive_and_new_ones_have_it(inside: Cast) -> None:
    changed = change_company(
        replace(CompanySettings.of(inside.dealer), slug="holding"), by=inside.olga, now=NOW
    )
    inside.service.company = changed
    assert generate_address(inside.service).address == "service.holding@inbox.example"
    assert team_of(inside.service_address) == (inside.dealer.id, inside.service.id)


def test_a_slug_of_another_company_is_refused(inside: Cast) -> None:
    with pytest.raises(SlugTakenError):
        change_company(replace(CompanySettings.of(inside.dealer), slug="farm"), by=inside.olga, now=NOW)
    inside.dealer.refresh_from_db()
    assert inside.dealer.slug == "dealer"
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a.b", "ñandú", "a" * 64, "a b", "a@b", "a\u00e1"])
def test_what_no_domain_has_as_a_label_is_no_slug(slug: str) -> None:
    with pytest.raises(BadSlugError):
        parse_slug(slug)


def test_a_company_has_a_name(inside: Cast) -> None:
    with pytest.raises(NoNameError):
        change_company(replace(CompanySettings.of(inside.dealer), name=" "), by=inside.olga, now=NOW)


@pytest.mark.parametrize("who", ["ana", "ben", "vera", "pat"])
def test_nobody_but_an_administrator_changes_it(inside: Cast, who: str) -> None:
    with pytest.raises(NotPermittedError):
        change_company(CompanySettings.of(inside.dealer), by=getattr(inside, who), now=NOW)

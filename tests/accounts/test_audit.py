"""The record of what was changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from emailhub.accounts import audit
from emailhub.accounts.audit import Action, Change, Kind
from emailhub.accounts.models import AuditEntry
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_it_keeps_who_changed_what_and_what_it_was_before(inside: Cast) -> None:
    audit.record(
        Kind.TEAM,
        "Service",
        by=inside.ana,
        at=NOW,
        team=inside.service,
        name=Change("Service", "Workshop"),
        is_hidden=Change(False, False),
    )
    entry = AuditEntry.objects.get()
    assert (entry.by, entry.by_name, entry.at, entry.team) == (inside.ana, "Ana", NOW, inside.service)
    assert entry.changes == {"name": ["Service", "Workshop"]}


def test_what_changes_nothing_is_not_kept(inside: Cast) -> None:
    audit.record(Kind.TEAM, "Service", by=inside.ana, at=NOW, name=Change("Service", "Service"))
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("rewrite", ["update", "delete"])
def test_an_entry_can_be_neither_changed_nor_deleted(inside: Cast, rewrite: str) -> None:
    audit.record(Kind.TEAM, "Service", by=inside.ana, at=NOW, action=Action.ADDED)
    entries = AuditEntry.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entries.update(what="Nothing") if rewrite == "update" else entries.delete()
    assert AuditEntry.objects.get().what == "Service"


def test_an_administrator_sees_all_and_a_manager_what_is_about_their_teams(inside: Cast) -> None:
    audit.record(Kind.COMPANY, "Dealer Group", by=inside.olga, at=NOW, name=Change("Dealer", "Dealer Group"))
    for team in (inside.service, inside.parts):
        audit.record(Kind.TEAM, team.name, by=inside.olga, at=NOW, team=team, action=Action.ADDED)
    assert [entry.what for entry in audit.entries_for(inside.olga)] == ["Parts", "Service", "Dealer Group"]
    assert [entry.what for entry in audit.entries_for(inside.ana)] == ["Service"]
    for advisor in (inside.ben, inside.vera):
        assert not audit.entries_for(advisor).exists()


def test_no_value_is_longer_than_a_page_can_show(inside: Cast) -> None:
    audit.record(Kind.TEAM, "Service", by=inside.ana, at=NOW, text=Change("", "a" * 100_000))
    assert len(AuditEntry.objects.get().changes["text"][1]) == 2000

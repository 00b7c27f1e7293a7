"""The managers hear of a connection that stands still, and that it goes again; each once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from emailhub import mail, store
from emailhub.accounts.tenancy import company
from emailhub.cli.check import connections as check
from emailhub.cli.check.finding import Level
from emailhub.delivery.connection_work import Trouble, note_trouble, note_working
from emailhub.delivery.models import Connection, OutgoingMessage
from emailhub.hub.connection_alerts import tell_of_connections
from tests.cast import Cast

MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(cast: Cast) -> Connection:
    with company(cast.dealer.id):
        return Connection.objects.create(
            company=cast.dealer,
            team=cast.service,
            kind=Connection.Kind.IMAP,
            name="support@dealer.example",
            settings={"address": "support@dealer.example", "port": 993},
            state=Connection.State.WORKING,
            due_at=timezone.now(),
        )


def subjects_to_ana(cast: Cast) -> list[str]:
    with company(cast.dealer.id):
        rows = OutgoingMessage.objects.filter(recipients__address=cast.ana.user.email).order_by("id")
        assert all(row.connection_id is None for row in rows)  # by another path
        contents = [store.get(cast.dealer.id, row.content_key) for row in rows]
    return [mail.parse(content).subject for content in contents]


def test_a_standstill_is_told_within_ten_minutes_and_its_end_too_each_once(
    cast: Cast, connection: Connection
) -> None:
    began = timezone.now()
    trouble = Trouble("login", "NO [AUTHENTICATIONFAILED]", needs_somebody=True)
    for minutes in (0, 3):
        with company(cast.dealer.id):
            note_trouble(connection.pk, trouble, now=began + minutes * MINUTE)
        assert tell_of_connections(began + minutes * MINUTE) == 0
    assert tell_of_connections(began + 6 * MINUTE) == 1
    assert tell_of_connections(began + 7 * MINUTE) == 0
    with company(cast.dealer.id):
        note_working(connection.pk, now=began + 400 * MINUTE, next_in=MINUTE)
    assert tell_of_connections(began + 400 * MINUTE) == 1
    assert tell_of_connections(began + 401 * MINUTE) == 0
    assert subjects_to_ana(cast) == [
        "Email of Service stands still: support@dealer.example",
        "support@dealer.example works again",
    ]


def test_a_mailbox_into_which_nobody_looks_is_told_as_well(cast: Cast, connection: Connection) -> None:
    assert tell_of_connections(timezone.now() + 9 * MINUTE) == 0
    assert tell_of_connections(timezone.now() + 11 * MINUTE) == 1


def test_every_page_of_the_team_says_it_and_the_managers_page_says_what_to_do(
    cast: Cast, connection: Connection
) -> None:
    with company(cast.dealer.id):
        note_trouble(connection.pk, Trouble("folder", "Support"), now=timezone.now() - 6 * MINUTE)

    def page(advisor: str, path: str) -> str:
        client = Client(headers={"host": "localhost"})
        client.force_login(getattr(cast, advisor).user)
        return client.get(path).content.decode()

    said = "Email of Service stands still: support@dealer.example"
    assert said in page("ana", "/tickets/")
    assert said in page("ben", "/tickets/")
    assert said not in page("pat", "/tickets/")
    managed = page("ana", f"/manage/teams/{cast.service.id}/emailhub/")
    assert "Choose the folder that is to be read." in managed
    (finding,) = check.look()
    assert (finding.check, finding.level) == ("connections.imap", Level.FAILED)


def test_tries_become_rarer_but_never_rarer_than_an_alert_allows(cast: Cast, connection: Connection) -> None:
    began = datetime(2026, 11, 24, 9, tzinfo=UTC)
    pauses = []
    for minutes in (0, 1, 5, 360):
        now = began + minutes * MINUTE
        with company(cast.dealer.id):
            note_trouble(connection.pk, Trouble("unreachable"), now=now)
            connection.refresh_from_db()
        assert connection.due_at is not None
        pauses.append(connection.due_at - now)
    assert pauses == sorted(pauses)
    assert pauses[-1] <= 5 * MINUTE

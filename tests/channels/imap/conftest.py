"""A Dovecot for the room, and a team whose mailbox it has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import count

import pytest
from django.conf import LazySettings
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.channels.imap.doorbell import Doorbell
from emailhub.channels.imap.visit import visit_due
from emailhub.delivery.models import Connection
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_due
from tests.cast import Cast
from tests.dovecot import PASSWORD, Dovecot

_users = count(1)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    if not (shutil.which("dovecot") and os.geteuid() == 0):
        if os.environ.get("CI"):
            pytest.fail("Dovecot is not installed (make test-tools), or this is not root")
        pytest.skip("needs Dovecot (make test-tools), and root")
    started = Dovecot()
    yield started
    started.remove()


class Box:
    """A mailbox of the dealer's service team, and the worker that looks into it."""

    def __init__(self, cast: Cast, dovecot: Dovecot) -> None:
        self.cast, self.dovecot = cast, dovecot
        self.user = f"desk{next(_users)}@contoso.example"
        self.doorbell = Doorbell()
        dovecot.set_password(self.user, PASSWORD)
        self.connection_id = 0

    def connect(self, *, secret: str = PASSWORD, **changes: object) -> None:
        """Connect it from now on."""
        settings = {
            "host": "127.0.0.1",
            "port": self.dovecot.port,
            "security": "none",
            "user": self.user,
            "address": self.user,
            "folder": "INBOX",
            "connected_at": timezone.now().isoformat(),
            **changes,
        }
        with company(self.cast.dealer.id):
            row = Connection(
                company=self.cast.dealer,
                team=self.cast.service,
                kind=Connection.Kind.IMAP,
                name=self.user,
                settings=settings,
                due_at=timezone.now(),
            )
            row.secrets = {"secret": secret}
            row.save()
        self.connection_id = row.pk
        self.look()

    def deliver(self, *letters: bytes) -> None:
        self.dovecot.deliver(*letters, to=self.user)

    def look(self) -> Connection:
        """Have the worker look now, until nothing is left to do."""
        with company(self.cast.dealer.id):
            Connection.objects.filter(pk=self.connection_id).update(due_at=timezone.now())
        while visit_due(self.doorbell):
            pass
        return self.row()

    def know_password(self, password: str) -> None:
        """Store a password with the connection."""
        with company(self.cast.dealer.id):
            row = Connection.objects.get(pk=self.connection_id)
            row.secrets = {"secret": password}
            row.save(update_fields=["sealed"])

    def row(self) -> Connection:
        with company(self.cast.dealer.id):
            return Connection.objects.get(pk=self.connection_id)

    def received(self) -> list[tuple[str, str]]:
        """Subject and outcome of what came, in order."""
        while process_due():
            pass
        with company(self.cast.dealer.id):
            rows = ReceivedMessage.objects.filter(channel="imap").order_by("id")
            return [(row.subject, row.outcome) for row in rows]

    def subjects(self) -> list[str]:
        return [subject for subject, _ in self.received()]


@pytest.fixture
def box(cast: Cast, dovecot: Dovecot, settings: LazySettings) -> Iterator[Box]:
    settings.EGRESS_ALLOWED = ["127.0.0.1"]
    made = Box(cast, dovecot)
    yield made
    made.doorbell.drain()

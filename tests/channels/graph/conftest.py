"""A double of Microsoft's servers, and a team whose mailbox is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.channels.graph.visit import visit
from emailhub.delivery.models import Connection
from emailhub.desk.answer import Answer
from emailhub.desk.models import Activity, Ticket
from emailhub.desk.recipients import propose
from emailhub.desk.reply import reply
from emailhub.hub.addresses import set_sender
from emailhub.hub.models import HubAddress
from tests import post
from tests.cast import Cast

from .double import Double, serving
from .double.mailboxes import Mailbox

SUPPORT = "support@dealer.example"
TENANT = "7e57-tenant"


@pytest.fixture
def double(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    """The double, and a product whose operator has registered it there."""
    with serving(tmp_path) as double:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        settings.EGRESS_ALLOWED = ["localhost"]
        settings.GRAPH_CLIENT_ID, settings.GRAPH_CLIENT_SECRET = double.login.client_id, double.login.secret
        settings.GRAPH_URL = settings.GRAPH_LOGIN_URL = double.base
        double.login.consented.add(TENANT)
        yield double


@dataclass(frozen=True)
class Connected:
    """Service's mailbox over there, and its connection here."""

    cast: Cast
    double: Double
    mailbox: Mailbox
    connection: Connection

    def visit(self) -> Connection:
        """Look at the mailbox, file what came, and return the connection as it is then."""
        visit(self.connection.pk, self.cast.dealer.id, now=timezone.now())
        post.drain()
        return self.again()

    def reply(self, text: str) -> Activity:
        """Ben answers the newest ticket, and what he wrote may leave at once."""
        with company(self.cast.dealer.id):
            ticket = Ticket.objects.latest("id")
            proposal = propose(ticket)
            answer = Answer(
                key=uuid4(),
                to=proposal.to,
                cc=proposal.cc,
                bcc=(),
                subject=proposal.subject,
                html=f"<p>{text}</p>",
            )
            activity = reply(ticket, answer, by=self.cast.ben, now=timezone.now() - timedelta(minutes=5))
            return Activity.objects.select_related("message__outgoing", "ticket").get(pk=activity.pk)

    def again(self) -> Connection:
        with company(self.cast.dealer.id):
            return Connection.objects.get(pk=self.connection.pk)


@pytest.fixture
def connected(committed_cast: Cast, double: Double) -> Connected:
    """By the application's right, since an hour ago; nothing was looked at yet."""
    return connect(committed_cast, double)


def connect(cast: Cast, double: Double, address: str = SUPPORT, **settings: str) -> Connected:
    """Connect a mailbox as the set-up does, without its pages."""
    with company(cast.dealer.id):
        connection = Connection.objects.create(
            company=cast.dealer,
            team=cast.service,
            kind=Connection.Kind.GRAPH,
            name=address,
            state=Connection.State.WORKING,
            settings={"mode": "application", "tenant": TENANT, "after": "read", **settings},
            cursor={"since": (timezone.now() - timedelta(hours=1)).isoformat()},
            due_at=timezone.now(),
        )
        made = HubAddress.objects.create(
            company=cast.dealer,
            team=cast.service,
            address=address,
            kind=HubAddress.Kind.MICROSOFT_365,
            proved_for_sending_at=timezone.now(),
            connection=connection,
        )
        set_sender(cast.service, made.pk, by=cast.ana, now=timezone.now())
    return Connected(cast, double, double.mailbox(address, "Dealer Support"), connection)

"""A relay that is configured by mistake gets none of a demo's mail."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.answer import Answer
from emailhub.desk.reply import reply
from emailhub.mail import Mailbox
from tests.cast import CARLA, Cast
from tests.channels.smtp.sink import Sink
from tests.cli.installation import wait_until
from tests.faults.processes import Process
from tests.web import desk


@pytest.mark.slow
def test_a_demos_replies_never_reach_a_relay(
    committed_cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    settings.UNDO_SECONDS = 0
    Company.objects.filter(pk=committed_cast.dealer.pk).update(is_demo=True)
    with company(committed_cast.dealer.id):
        ticket = desk.open_ticket(committed_cast.service, committed_cast.carla)
        desk.receive(ticket)
        ticket.refresh_from_db()
        ticket.company.refresh_from_db()
        people = (Mailbox("Carla", CARLA), Mailbox("Somebody real", "real@example.org"))
        answer = Answer(to=people, subject="Re: The pump leaks", html="<p>Soon.</p>", key=uuid.uuid4())
        sent = reply(ticket, answer, by=committed_cast.ana, now=timezone.now())
    relay = Sink()
    named = {
        "EMAILHUB_RELAY_HOST": "127.0.0.1",
        "EMAILHUB_RELAY_PORT": relay.port,
        "EMAILHUB_RELAY_SECURITY": "none",
    }
    worker = Process("worker", log=tmp_path / "worker.log", **named)

    def outgoing() -> OutgoingMessage:
        with company(committed_cast.dealer.id):
            return OutgoingMessage.objects.get(desk_message__activity=sent)

    try:
        wait_until(lambda: outgoing().state == OutgoingMessage.State.SENT)
    finally:
        worker.end()
        relay.close()
    with company(committed_cast.dealer.id):
        states = dict(outgoing().recipients.values_list("address", "state"))
    assert states == {CARLA: "sent", "real@example.org": "failed"}
    assert relay.connections == 0

"""Workers and the SMTP listener are killed again and again while mail comes in and replies go out.

What must hold afterwards: each mail that was answered with 250 is exactly one activity, byte for byte as it
was sent; each reply is at the relay once, or shown as uncertain; none is there twice.
"""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.answer import Answer
from emailhub.desk.models import Message, Ticket
from emailhub.desk.reply import reply
from emailhub.intake.models import ReceivedMessage
from emailhub.mail import Mailbox
from tests.cast import CARLA, Cast
from tests.channels.smtp.sink import Sink
from tests.channels.smtp.wire import stored
from tests.cli.installation import wait_until
from tests.faults.processes import CHECKOUT, Process, environment, smtpd
from tests.soak import scaled
from tests.web import desk

pytestmark = pytest.mark.slow
State = OutgoingMessage.State
SEED = 20261124


class HesitantRelay(Sink):
    """It thinks about a mail before it says 250, so that workers die while they wait for that as well."""

    chance = random.Random(SEED)

    def reply(self, command: str) -> str | None:
        if command == ".":
            time.sleep(self.chance.uniform(0, 0.3))
        return super().reply(command)


class Storm:
    """Processes that die, a sender and advisors that go on."""

    def __init__(self, cast: Cast, folder: Path, seed: int) -> None:
        self.cast = cast
        self.relay = HesitantRelay()
        self._chance = random.Random(seed)
        relay = {
            "EMAILHUB_RELAY_HOST": "127.0.0.1",
            "EMAILHUB_RELAY_PORT": self.relay.port,
            "EMAILHUB_RELAY_SECURITY": "none",
        }
        self.workers = [Process("worker", log=folder / "worker.log", **relay) for _ in range(2)]
        self.smtpd, self.port = smtpd(folder / "smtpd.log")
        self._victims = [*self.workers, self.smtpd]

    def kill_one(self) -> None:
        victim = self._chance.choice(self._victims)
        time.sleep(self._chance.uniform(0, 0.3))  # so that the blow falls anywhere
        victim.kill()
        victim.start()

    def end(self) -> None:
        for process in self._victims:
            process.end()
        self.relay.close()


@pytest.fixture
def storm(committed_cast: Cast, tmp_path: Path, settings: LazySettings) -> Iterator[Storm]:
    settings.UNDO_SECONDS = 0
    made = Storm(committed_cast, tmp_path, SEED)
    yield made
    made.end()


@pytest.mark.parametrize(
    ("mails", "replies", "blows"),
    [(60, 15, 10), pytest.param(scaled(500), scaled(100), scaled(80), marks=pytest.mark.soak)],
    ids=["small", "full"],
)
def test_nothing_is_lost_and_nothing_is_there_twice_whoever_is_killed(
    storm: Storm, mails: int, replies: int, blows: int
) -> None:
    tickets = open_tickets(storm.cast, replies)
    sender = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sender", str(storm.port), str(mails), SERVICE, str(SEED)],
        cwd=CHECKOUT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    advisors = answering(storm.cast, tickets)
    for blow in range(blows):
        for _ in range(replies // blows + 1):
            next(advisors, None)
        come_so_far(storm, at_least=blow * (mails + replies) // blows)
        storm.kill_one()
    assert list(advisors) == []
    sender.wait(300)
    assert sender.stdout
    accepted = dict(line.split() for line in sender.stdout)
    wait_until(lambda: unfinished(storm.cast) == 0)

    assert len(accepted) == mails
    each_accepted_mail_is_one_activity(storm.cast, accepted)
    every_delivery_has_one_fate(storm.cast)
    each_reply_is_at_the_relay_once_or_uncertain(storm, replies)


SERVICE = Cast.service_address


def open_tickets(cast: Cast, count: int) -> list[Ticket]:
    with company(cast.dealer.id):
        tickets = [desk.open_ticket(cast.service, cast.carla, f"Ticket {n}") for n in range(count)]
        for ticket in tickets:
            desk.receive(ticket)
    return tickets


def answering(cast: Cast, tickets: list[Ticket]) -> Iterator[Ticket]:
    """Answer one ticket at each step."""
    for ticket in tickets:
        answer = Answer(
            to=(Mailbox("Carla Ruiz", CARLA),),
            subject=f"Re: {ticket.subject}",
            html="<p>We come <b>today</b>.</p>",
            key=uuid.uuid4(),
        )
        with company(cast.dealer.id):
            reply(Ticket.objects.get(pk=ticket.pk), answer, by=cast.ana, now=timezone.now())
        yield ticket


def unfinished(cast: Cast) -> int:
    with company(cast.dealer.id):
        waiting = ReceivedMessage.objects.filter(state=ReceivedMessage.State.WAITING).count()
        leaving = OutgoingMessage.objects.filter(state__in=(State.QUEUED, State.SENDING)).count()
    return waiting + leaving


def come_so_far(storm: Storm, *, at_least: int) -> None:
    wait_until(lambda: arrived(storm) >= at_least)


def arrived(storm: Storm) -> int:
    """Mails that are filed, and replies that are at the relay."""
    with company(storm.cast.dealer.id):
        filed = Message.objects.filter(message_id__startswith="kill-").count()
    return filed + len(storm.relay.mails)


def sent_by_the_storm(row: ReceivedMessage) -> bool:
    return row.channel == "smtp" and bool(row.mail_from)


def each_accepted_mail_is_one_activity(cast: Cast, accepted: dict[str, str]) -> None:
    with company(cast.dealer.id):
        activities = Counter(
            Message.objects.filter(message_id__startswith="kill-").values_list("message_id", flat=True)
        )
        rows = [row for row in ReceivedMessage.objects.all() if sent_by_the_storm(row)]
        kept = {(row.message_id, hashlib.sha256(stored(row)).hexdigest()) for row in rows}
    assert activities == Counter(accepted.keys())
    assert kept == set(accepted.items())


def every_delivery_has_one_fate(cast: Cast) -> None:
    """accepted = waiting + outcomes; and more deliveries than mails are duplicates that say so."""
    with company(cast.dealer.id):
        rows = [row for row in ReceivedMessage.objects.all() if sent_by_the_storm(row)]
        fates = Counter((row.state, row.outcome) for row in rows)
        tickets = Message.objects.filter(message_id__startswith="kill-").count()
    assert set(fates) <= {("done", "ticket"), ("done", "duplicate")}
    assert fates["done", "ticket"] == tickets
    assert all(row.filed_as_id and row.reason and row.trace for row in rows)


def each_reply_is_at_the_relay_once_or_uncertain(storm: Storm, replies: int) -> None:
    came = Counter(str(message_from_bytes(mail.content)["Message-ID"])[1:-1] for mail in storm.relay.mails)
    with company(storm.cast.dealer.id):
        states = dict(
            OutgoingMessage.objects.filter(desk_message__ticket__subject__startswith="Ticket ").values_list(
                "message_id", "state"
            )
        )
    assert len(states) == replies
    assert set(states.values()) <= {State.SENT, State.UNCERTAIN}
    assert {id for id, count in came.items() if count > 1} == set()
    assert {id for id, state in states.items() if state == State.SENT} <= set(came)
    uncertain = [id for id, state in states.items() if state == State.UNCERTAIN]
    assert len(uncertain) <= sum(worker.kills for worker in storm.workers)

"""The drill: a back-up amid mail that comes and goes, the end of the machine, a restore on another one.

Nothing that was accepted before the back-up is lost, and nothing is sent twice: not what the old machine
sent after it, nor what waited in its outbox.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.utils import timezone

from emailhub import postgres
from emailhub.accounts.tenancy import company
from emailhub.delivery import outbox
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Ticket
from tests.cast import Cast
from tests.channels.smtp.sink import Sink
from tests.channels.smtp.wire import without_trace
from tests.cli.installation import Installation, wait_until
from tests.faults.processes import CHECKOUT, Process, environment, smtpd
from tests.faults.test_kill import answering, open_tickets

pytestmark = pytest.mark.slow
State = OutgoingMessage.State
Database = psycopg.Connection[tuple[object, ...]]
MAILS, REPLIES, SEED = 40, 12, 20261124


class OldMachine:
    """Everything of an installation but its pages, until its power fails."""

    def __init__(self, cast: Cast, folder: Path, relay: Sink) -> None:
        self.cast = cast
        self._log = folder / "old.log"
        self._worker = Process("worker", log=self._log, **relay_settings(relay))
        self._smtpd, self.port = smtpd(self._log)

    def sender(self) -> subprocess.Popen[str]:
        """Somebody who sends mails, and prints each that was taken."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.sender", str(self.port), str(MAILS), SERVICE, str(SEED)],
            cwd=CHECKOUT,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )

    def back_up(self, file: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "emailhub", "backup", str(file)], env=environment())

    def dies(self) -> None:
        for process in (self._worker, self._smtpd):
            process.kill()


SERVICE = Cast.service_address


def relay_settings(relay: Sink) -> dict[str, str]:
    return {
        "EMAILHUB_RELAY_HOST": "127.0.0.1",
        "EMAILHUB_RELAY_PORT": str(relay.port),
        "EMAILHUB_RELAY_SECURITY": "none",
    }


@pytest.fixture
def relay() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


def test_nothing_is_lost_and_nothing_is_sent_twice_by_a_restore(
    committed_cast: Cast,
    tmp_path: Path,
    settings: LazySettings,
    relay: Sink,
    empty: Installation,
) -> None:
    file = tmp_path / "back-up.tar"
    old = OldMachine(committed_cast, tmp_path, relay)
    advisors = answering(committed_cast, open_tickets(committed_cast, REPLIES))
    sender = old.sender()
    assert sender.stdout
    accepted = dict(sender.stdout.readline().split() for _ in range(MAILS // 4))
    settings.UNDO_SECONDS = 3600
    waiting = next(advisors)  # its reply is still in the outbox at the instant of the back-up
    settings.UNDO_SECONDS = 0
    for _ in range(REPLIES // 3):
        next(advisors)
    backing_up = old.back_up(file)
    while backing_up.poll() is None:  # mails come in and replies leave meanwhile
        next(advisors, None)
    assert backing_up.returncode == 0
    hurry(waiting)
    for _ in advisors:
        pass
    wait_until(lambda: len(relay.mails) == REPLIES)
    sender.kill()
    old.dies()
    at_the_relay = Counter(ids(relay))

    new = on_a_new_machine(empty, relay)
    restored = new.command("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    let_an_hour_pass(new)
    assert new.command("worker", "--once").returncode == 0
    assert Counter(ids(relay)) == at_the_relay  # the outbox is held

    released = new.command("restore", "--release-outbox")
    assert released.returncode == 0, released.stderr
    assert new.command("worker", "--once").returncode == 0
    assert Counter(ids(relay)) == at_the_relay
    assert set(at_the_relay.values()) == {1}
    with asking(new) as database:
        each_accepted_mail_is_one_activity(database, new, accepted)
        replies = database.execute("SELECT message_id, state FROM delivery_outgoingmessage").fetchall()
    states = {str(id): State(state) for id, state in replies}
    assert states[id_of_reply(waiting)] == State.UNCERTAIN
    assert set(states.values()) <= {State.SENT, State.UNCERTAIN}
    assert {id for id, state in states.items() if state == State.SENT} <= set(at_the_relay)


def hurry(ticket: Ticket) -> None:
    """Let the reply on this ticket leave now."""
    with company(ticket.company_id):
        OutgoingMessage.objects.filter(desk_message__ticket=ticket).update(due_at=timezone.now())
        outbox.wake()


def id_of_reply(ticket: Ticket) -> str:
    with company(ticket.company_id):
        return OutgoingMessage.objects.get(desk_message__ticket=ticket).message_id


def ids(relay: Sink) -> list[str]:
    return [str(message_from_bytes(mail.content)["Message-ID"])[1:-1] for mail in relay.mails]


def on_a_new_machine(empty: Installation, relay: Sink) -> Installation:
    empty.data.parent.chmod(0o755)
    empty.settings |= {**relay_settings(relay), "EMAILHUB_MAIL_DOMAIN": "inbox.example"}
    return empty


def let_an_hour_pass(installation: Installation) -> None:
    with asking(installation) as database:
        database.execute("UPDATE delivery_outgoingmessage SET due_at = due_at - interval '1 hour'")


def each_accepted_mail_is_one_activity(
    database: Database, installation: Installation, accepted: dict[str, str]
) -> None:
    """Of all that was answered with 250 before the back-up, byte for byte as it was sent."""
    filed = Counter(str(id) for (id,) in database.execute("SELECT message_id FROM desk_message"))
    assert {id: filed[id] for id in accepted} == dict.fromkeys(accepted, 1)
    received = database.execute(
        "SELECT message_id, company_id, content_key, state FROM intake_receivedmessage"
        " WHERE message_id LIKE 'kill-%'"
    ).fetchall()
    assert {state for *_, state in received} == {"done"}
    digests = {(str(id), digest(installation, str(company), str(key))) for id, company, key, _ in received}
    assert set(accepted.items()) <= digests


def digest(installation: Installation, company_id: str, key: str) -> str:
    """Of a stored mail, without the line that the listener put above it."""
    raw = (installation.data / "files" / company_id / key[:2] / key).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == key
    return hashlib.sha256(without_trace(raw)).hexdigest()


@contextmanager
def asking(installation: Installation) -> Iterator[Database]:
    """The database of an installation that does not run, as its owner."""
    server = postgres.start(installation.data)
    try:
        with psycopg.connect(**server.parameters(role="owner")) as owner:  # type: ignore[arg-type]
            yield owner
    finally:
        server.stop()

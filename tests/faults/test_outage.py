"""The database goes away under load and comes back: everybody says so, waits, and goes on by himself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Message
from tests.cast import Cast
from tests.channels.smtp.wire import Wire
from tests.cli.installation import wait_until
from tests.faults.processes import Process, database_takes_connections, smtpd
from tests.letters import letter
from tests.web import desk
from tests.web_shell.conftest import Server, cookie, read_head, server

__all__ = ["cookie", "server"]
pytestmark = pytest.mark.slow


@pytest.fixture
def outage() -> Iterator[None]:
    """The database is gone, as after a crash: its connections are ended and new ones refused."""
    yield
    database_takes_connections(True)


def filed(cast: Cast, message_id: str) -> bool:
    with company(cast.dealer.id):
        return Message.objects.filter(message_id=message_id).exists()


def deliver(port: int, cast: Cast, message_id: str) -> str:
    with Wire(port, timeout=30) as wire:
        mail = letter("Jon <jon@workshop.example>", message_id=message_id)
        return wire.send(cast.service_address, content=mail)


def test_worker_and_listener_go_on_when_the_database_is_back(
    committed_cast: Cast, tmp_path: Path, outage: None
) -> None:
    worker = Process("worker", log=tmp_path / "worker.log")
    listener, port = smtpd(tmp_path / "smtpd.log")
    try:
        assert deliver(port, committed_cast, "before@customer.example").startswith("250")
        wait_until(lambda: filed(committed_cast, "before@customer.example"))
        database_takes_connections(False)
        with Wire(port, timeout=30) as wire:
            wire.say("EHLO client.example")
            wire.say("MAIL FROM:<jon@workshop.example>")
            assert wire.say(f"RCPT TO:<{committed_cast.service_address}>").startswith("451 4.3.0")
        wait_until(lambda: b"the worker waits for the database" in worker.log.read_bytes())
        database_takes_connections(True)
        _forget_connections()
        assert deliver(port, committed_cast, "after@customer.example").startswith("250")
        began = time.monotonic()
        wait_until(lambda: filed(committed_cast, "after@customer.example"))
        assert time.monotonic() - began < 10  # 1 s on an idle machine; a sweep would come after 5 s
        assert (worker.process.poll(), listener.process.poll()) == (None, None)
        assert b"Traceback" not in worker.log.read_bytes()
    finally:
        assert worker.end() == 0
        assert listener.end() == 0


def test_pages_say_what_is_wrong_and_answer_again_at_once(
    server: Server, committed_cast: Cast, outage: None
) -> None:
    with company(committed_cast.dealer.id):
        desk.receive(desk.open_ticket(committed_cast.service, committed_cast.carla))
    client = Client()
    client.force_login(committed_cast.ana.user)
    session = f"emailhub_session={client.cookies['emailhub_session'].value}"
    assert status(server, "/tickets/1/", session) == 200
    database_takes_connections(False)
    for path in ("/tickets/1/", "/tickets/", "/"):
        answer = ask(server, path, session)
        assert answer.startswith("HTTP/1.1 503"), path
        assert "Back in a moment" in answer
        assert "retry-after: 5" in answer.lower()
        assert "content-security-policy" in answer.lower()
    assert "Volvemos en un momento" in ask(server, "/tickets/1/", session, "Accept-Language: es")
    assert read_head(server.ask("GET", "/events", session)).startswith("HTTP/1.1 503")
    assert status(server, "/account/login/", "") == 200  # asks the database for nothing
    database_takes_connections(True)
    began = time.monotonic()
    wait_until(lambda: status(server, "/tickets/1/", session) == 200)
    assert time.monotonic() - began < 5
    _forget_connections()


def ask(server: Server, path: str, session: str, *headers: str) -> str:
    client = server.ask("GET", path, session, "Connection: close", *headers)
    with client.makefile("rb") as answer:
        return answer.read().decode("utf-8", "replace")


def status(server: Server, path: str, session: str) -> int:
    found = re.match(r"HTTP/1.1 (\d+)", ask(server, path, session))
    assert found
    return int(found[1])


def _forget_connections() -> None:
    """The test's own has been ended as well."""
    connections.close_all()

"""A company's own mail server: what it is told, what is kept when it refuses, what nobody learns by it."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import LazySettings

from emailhub.channels.smtp.account import AccountSender
from emailhub.channels.smtp.limits import TimeOuts
from emailhub.delivery.models import Connection
from emailhub.delivery.outcomes import Fate, FinishedMail, Outcome
from tests.cast import CARLA, Cast
from tests.channels.smtp.postfix import free_port
from tests.channels.smtp.sink import Sink

PASSWORD = "canary-password"
SUPPORT = "support@dealer.example"
LETTER = f"From: Service <{SUPPORT}>\r\nTo: {CARLA}\r\nSubject: Pump\r\n\r\nIt is mended.\r\n".encode()


@pytest.fixture
def server(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> Iterator[Sink]:
    """A submission server on loopback, which the operator allows."""
    settings.EGRESS_ALLOWED = ["localhost"]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*certificate)
    sink = Sink(offers=("AUTH PLAIN",), tls=tls, replies={"AUTH": "235 2.7.0 welcome"})
    yield sink
    sink.close()


@pytest.fixture
def sender() -> Iterator[AccountSender]:
    opened = AccountSender(TimeOuts(connect=10, reply=10, block=10, final_reply=10))
    yield opened
    opened.close()


def connection_to(cast: Cast, port: int, **changed: object) -> Connection:
    account = {"address": SUPPORT, "host": "localhost", "port": port, "security": "starttls", "user": "desk"}
    row = Connection(company=cast.dealer, team=cast.service, kind="smtp", name="localhost")
    row.settings, row.secrets = account | changed, {"password": PASSWORD}
    row.save()
    return row


def send(sender: AccountSender, connection: Connection) -> Outcome:
    mail = FinishedMail("bounces+x@inbox.example", (CARLA,), LETTER, connection.company_id, connection.pk)
    return sender.send(mail, lambda _: None)


def test_a_mail_leaves_by_its_company_s_log_in_with_the_address_that_it_allows(
    inside: Cast, server: Sink, sender: AccountSender
) -> None:
    connection = connection_to(inside, server.port)
    assert [result.fate for result in send(sender, connection).results] == [Fate.ACCEPTED]
    assert [mail.mail_from.split(">")[0] for mail in server.mails] == [f"<{SUPPORT}"]
    said = next(command for command in server.commands if command.startswith("AUTH"))
    assert base64.b64decode(said.split()[-1]).split(b"\0") == [b"", b"desk", PASSWORD.encode()]
    connection.refresh_from_db()
    assert connection.state == "working"
    assert connection.last_out_at is not None


def test_a_wrong_password_keeps_the_mail_and_says_what_is_wrong(
    inside: Cast, server: Sink, sender: AccountSender
) -> None:
    """Scenario 28."""
    server.replies["AUTH"] = f"535 5.7.8 {PASSWORD} is wrong"
    connection = connection_to(inside, server.port)
    outcome = send(sender, connection)
    assert [result.fate for result in outcome.results] == [Fate.DEFERRED]
    assert outcome.channel_is_away
    assert PASSWORD not in outcome.error
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == ("stopped", "login")
    assert not server.mails


def test_a_changed_password_is_used_for_the_next_mail(
    inside: Cast, server: Sink, sender: AccountSender
) -> None:
    connection = connection_to(inside, server.port)
    send(sender, connection)
    connection.secrets = {"password": "another"}
    connection.save()
    send(sender, connection)
    log_ins = [command.split()[-1] for command in server.commands if command.startswith("AUTH")]
    assert [base64.b64decode(said).split(b"\0")[2] for said in log_ins] == [PASSWORD.encode(), b"another"]


@pytest.mark.parametrize("what", ["closed", "not allowed", "another service"])
def test_what_answers_at_a_port_is_not_told(
    inside: Cast, server: Sink, sender: AccountSender, settings: LazySettings, what: str
) -> None:
    """G2: who names a host to learn what is there learns nothing, be it closed, ours, or something else."""
    port = free_port() if what == "closed" else server.port
    if what == "not allowed":
        settings.EGRESS_ALLOWED = []
    server.replies["GREETING"] = "SSH-2.0-canary_banner"
    outcome = send(sender, connection_to(inside, port))
    assert outcome.error == f"localhost:{port}: no connection to a mail server"
    assert server.connections == (1 if what == "another service" else 0)


def test_the_secret_is_in_no_column_and_opens_under_no_other_key(
    inside: Cast, server: Sink, sender: AccountSender, settings: LazySettings
) -> None:
    """G5."""
    connection = connection_to(inside, server.port)
    row = Connection.objects.filter(pk=connection.pk).values().get()
    assert not any(
        PASSWORD in str(bytes(value) if name == "sealed" else value) for name, value in row.items()
    )
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 4, []
    assert [result.fate for result in send(sender, connection).results] == [Fate.DEFERRED]
    connection.refresh_from_db()
    assert connection.problem == "sealed"
    assert server.connections == 0


@contextmanager
def token_endpoint(answer: dict[str, object], status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A provider's, on loopback: its address, and what it was asked with."""
    asked: list[str] = []

    class Provider(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/token", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def by_oauth(cast: Cast, port: int, endpoint: str) -> Connection:
    row = connection_to(cast, port, client_id="client", token_endpoint=endpoint)
    row.secrets = {"client_secret": "s", "refresh_token": "first"}
    row.save()
    return row


def test_with_oauth_a_token_is_had_once_and_a_new_refresh_token_is_kept(
    inside: Cast, server: Sink, sender: AccountSender, settings: LazySettings
) -> None:
    settings.EGRESS_ALLOWED = ["localhost", "127.0.0.1"]
    server.offers = ("AUTH XOAUTH2",)
    given: dict[str, object] = {"access_token": "access", "expires_in": 3600, "refresh_token": "second"}
    with token_endpoint(given) as (endpoint, asked):
        connection = by_oauth(inside, server.port, endpoint)
        for _ in range(2):
            assert [result.fate for result in send(sender, connection).results] == [Fate.ACCEPTED]
    said = next(command for command in server.commands if command.startswith("AUTH XOAUTH2"))
    assert base64.b64decode(said.split()[-1]) == b"user=desk\x01auth=Bearer access\x01\x01"
    assert len(asked) == 1
    assert "refresh_token=first" in asked[0]
    connection.refresh_from_db()
    assert connection.secrets["refresh_token"] == "second"


def test_a_withdrawn_consent_keeps_the_mail_and_asks_for_somebody(
    inside: Cast, server: Sink, sender: AccountSender, settings: LazySettings
) -> None:
    settings.EGRESS_ALLOWED = ["localhost", "127.0.0.1"]
    with token_endpoint({"error": "invalid_grant"}, status=400) as (endpoint, _):
        connection = by_oauth(inside, server.port, endpoint)
        assert [result.fate for result in send(sender, connection).results] == [Fate.DEFERRED]
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == ("stopped", "consent")
    assert server.connections == 0

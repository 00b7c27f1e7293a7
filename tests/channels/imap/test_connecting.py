"""A manager connects a mailbox on its page; the worker says there how far it comes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs

import pytest
from django.conf import LazySettings
from django.test import Client

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection
from emailhub.hub.mailboxes import mailbox_of
from emailhub.hub.models import HubAddress, Probe
from tests.dovecot import PASSWORD, Dovecot
from tests.letters import letter

from .conftest import Box


class Provider(BaseHTTPRequestHandler):
    """A company's OAuth provider: gives tokens, and tells Dovecot which are good."""

    protocol_version = "HTTP/1.1"
    good: ClassVar[dict[str, str]] = {}  # token -> user
    refresh: ClassVar[dict[str, str]] = {}  # refresh token -> user

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status, answer = self._introspect(form) if self.path == "/introspect" else self._give(form)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _introspect(self, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        user = self.good.get(form["token"][0])
        return 200, {"active": user is not None, "username": user}

    def _give(self, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        user = self.refresh.pop(form["refresh_token"][0], None)
        if user is None:
            return 400, {"error": "invalid_grant"}
        number = len(self.good) + 1
        self.good[f"access-{number}"] = user
        self.refresh[f"refresh-{number}"] = user  # and the one before is good no more
        return 200, {
            "access_token": f"access-{number}",
            "expires_in": 3600,
            "refresh_token": f"refresh-{number}",
        }

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.daemon_threads = True  # Dovecot keeps its connection
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def oauth_dovecot(provider: str) -> Iterator[Dovecot]:
    started = Dovecot(introspection_url=f"{provider}/introspect")
    yield started
    started.remove()


@pytest.fixture
def ana(box: Box) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(box.cast.ana.user)
    return client


def test_a_mailbox_is_connected_on_its_page_and_a_mail_that_comes_by_it_proves_the_address(
    box: Box, ana: Client
) -> None:
    page = f"/manage/teams/{box.cast.service.id}/emailhub/mailbox/"
    form = {"address": box.user, "host": "127.0.0.1", "port": box.dovecot.port, "security": "none"}
    form |= {"secret": "wrong", "folder": "INBOX", "follows_moves": "on"}
    assert "It is tried by itself" in ana.post(page, form, follow=True).content.decode()
    with company(box.cast.dealer.id):
        connection = mailbox_of(box.cast.service)
        assert connection is not None
        assert b"wrong" not in bytes(connection.sealed)
    box.connection_id = connection.pk
    box.look()
    assert "The server refused the log-in" in ana.get(page).content.decode()

    ana.post(page, {**form, "secret": PASSWORD})
    box.look()
    assert "Mail that arrives in INBOX becomes tickets" in ana.get(page).content.decode()
    with company(box.cast.dealer.id):
        probe = Probe.objects.select_related("outgoing").order_by("-id").first()
        assert probe is not None
        sent = store.get(box.cast.dealer.id, probe.outgoing.content_key)
    box.deliver(sent)
    box.look()
    assert [outcome for _, outcome in box.received()] == ["set_up"]
    assert "It arrived, with its sender" in ana.get(page).content.decode()
    with company(box.cast.dealer.id):
        assert HubAddress.objects.get(address=box.user).team == box.cast.service
    ana.post(page, {"_method": "DELETE"})
    assert box.look().due_at is None


def test_a_google_mailbox_is_read_with_tokens_that_are_renewed_and_whose_end_is_said(
    box: Box, oauth_dovecot: Dovecot, provider: str
) -> None:
    Provider.refresh["first"] = box.user
    box.dovecot = oauth_dovecot
    box.connect(secret="first", oauth="google", client_id="ours", token_endpoint=f"{provider}/token")
    assert box.row().state == Connection.State.WORKING
    box.doorbell.drain()
    Provider.good.clear()  # the token has ended before its time
    box.deliver(letter("carla@customer.example", to=box.user, subject="After the renewal"))
    assert box.look().problem == "login"
    assert box.look().state == Connection.State.WORKING
    assert box.subjects() == ["After the renewal"]

    box.doorbell.drain()
    Provider.good.clear()
    Provider.refresh.clear()  # somebody has withdrawn the consent
    box.look()
    row = box.look()
    assert (row.state, row.problem, row.problem_detail) == (
        Connection.State.STOPPED,
        "consent",
        "invalid_grant",
    )


def test_a_private_host_passes_for_one_that_does_not_answer(box: Box, settings: LazySettings) -> None:
    settings.EGRESS_ALLOWED = []
    box.connect()
    assert (box.row().problem, box.row().problem_detail) == ("unreachable", "")

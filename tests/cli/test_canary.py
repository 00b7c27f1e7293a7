"""Planted secrets and planted words of a customer: no log, error, figure or answer of monitoring holds them.

The processes run as an operator runs them, and are made to fail in every way that writes a log entry.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.channels.smtp.sink import Sink
from tests.channels.smtp.wire import Wire
from tests.cli.installation import Installation, Running, wait_until
from tests.letters import letter

pytestmark = pytest.mark.slow
SETTINGS = {
    "EMAILHUB_SECRET_KEY": "canary-secret-key-of-more-than-32-characters",
    "EMAILHUB_RELAY_USER": "desk",
    "EMAILHUB_RELAY_PASSWORD": "canary-relay-password",
    "EMAILHUB_METRICS_TOKEN": "canary-metrics-token",
    "EMAILHUB_RELAY_SECURITY": "none",
}
WORDS = {  # of a customer's mail
    "subject": "canary-subject",
    "text": "canary-text",
    "name": "Canary-Name",
    "file name": "canary-file.pdf",
    "content": "canary-content",
}
GUESS = "canary-wrong-password"
RESET = "/account/password/reset/key/1-canary0reset0key0of0an0account/"
SECRETS = [
    *(SETTINGS[name] for name in SETTINGS if name.endswith(("KEY", "PASSWORD", "TOKEN"))),
    GUESS,
    "canary0reset",
    "canary-query",
]
ADMIN = "olga@dealer.example"
PROBES = ("/healthz", "/readyz", "/metrics")


@pytest.fixture
def relay() -> Iterator[Sink]:
    """It refuses the log-in, and repeats what it was sent, as some do."""
    sink = Sink(
        replies={"AUTH": f"535 5.7.8 bad credentials {SETTINGS['EMAILHUB_RELAY_PASSWORD']}"},
        offers=("AUTH PLAIN LOGIN",),
    )
    yield sink
    sink.close()


def request(
    installation: Installation, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, str, SimpleCookie]:
    connection = HTTPConnection("127.0.0.1", installation.port, timeout=60)
    try:
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        cookies = SimpleCookie()
        for line in response.headers.get_all("Set-Cookie") or []:
            cookies.load(line)
        return response.status, response.read().decode(errors="replace"), cookies
    finally:
        connection.close()


class Browser:
    """Just enough of one to fill in the forms of people without an account."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, str]:
        return self._request("GET", path, "")

    def fill(self, path: str, **fields: str) -> tuple[int, str]:
        _, page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, page
        return self._request("POST", path, urlencode({"csrfmiddlewaretoken": token[1], **fields}))

    @property
    def session(self) -> str:
        return self._cookies["emailhub_session"]

    def _request(self, method: str, path: str, body: str) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        status, text, cookies = request(self._installation, method, path, body, **headers)
        self._cookies |= {name: morsel.value for name, morsel in cookies.items()}
        return status, text


def send_mail(installation: Installation, address: str) -> None:
    raw = letter(
        f"{WORDS['name']} <carla@customer.example>",
        to=address,
        subject=WORDS["subject"],
        text=WORDS["text"],
        files=((WORDS["file name"], "application/pdf", WORDS["content"].encode()),),
    )
    with Wire(installation.smtp_port, timeout=60) as wire:
        wire.say("EHLO customer.example")
        wire.say("MAIL FROM:<carla@customer.example>")
        wire.say(f"RCPT TO:<{address}>")
        wire.say("DATA")
        assert wire.say(raw.decode("ascii").replace("\r\n.", "\r\n..") + ".").startswith("250")


def lose_the_bytes_of_a_mail(installation: Installation, up: Running, address: str) -> None:
    """The worker comes to a mail whose file is gone."""
    worker = up.child("worker")
    os.kill(worker, signal.SIGSTOP)
    try:
        before = files_of(installation)
        send_mail(installation, address)
        for path in files_of(installation) - before:
            path.unlink()
    finally:
        os.kill(worker, signal.SIGCONT)
    up.wait_for("mail could not be processed")


def files_of(installation: Installation) -> set[Path]:
    return {path for path in (installation.data / "files").rglob("*") if path.is_file()}


def lose_the_database(installation: Installation) -> None:
    """It dies, and until the supervisor has started it again pages are asked for."""
    server = installation.server_pid()
    assert server
    os.kill(server, signal.SIGKILL)
    asked = [request(installation, "GET", RESET)[0] for _ in range(10)]
    assert [status for status in asked if status >= 500]
    wait_until(lambda: request(installation, "GET", "/readyz")[0] == 200)


def make_trouble(installation: Installation, up: Running, address: str) -> None:
    browser = Browser(installation)
    browser.fill("/account/login/", login=ADMIN, password=GUESS)
    browser.fill("/account/password/reset/", email=ADMIN)  # the mail about it finds no willing relay
    up.wait_for("the relay cannot be used")
    browser.get("/no/such/page/?token=canary-query")
    send_mail(installation, address)
    lose_the_bytes_of_a_mail(installation, up, address)
    lose_the_database(installation)


def monitoring(installation: Installation) -> dict[str, str]:
    """What each of its addresses answers."""
    bearer = f"Bearer {SETTINGS['EMAILHUB_METRICS_TOKEN']}"
    answers = {path: request(installation, "GET", path, Authorization=bearer) for path in PROBES}
    assert {path: status for path, (status, _, _) in answers.items()} == dict.fromkeys(PROBES, 200)
    assert "emailhub_deliveries" in answers["/metrics"][1]
    return {path: text for path, (_, text, _) in answers.items()}


def test_no_log_no_error_and_no_figure_holds_a_secret_or_a_customers_words(
    installation: Installation, relay: Sink
) -> None:
    address, password = installation.create_company()
    settings = {**SETTINGS, "EMAILHUB_RELAY_HOST": "127.0.0.1", "EMAILHUB_RELAY_PORT": str(relay.port)}
    browser = Browser(installation)
    with installation.up(settings=settings) as up:
        make_trouble(installation, up, address)
        assert browser.fill("/account/login/", login=ADMIN, password=password)[0] == 302
        said = monitoring(installation)
        for command in (("check",), ("check", "--json"), ("where", "nobody@nowhere.example")):
            done = installation.command(*command, settings=settings)
            said[" ".join(command)] = done.stdout + done.stderr
    said["logs"] = up.output
    said["log of the database"] = (installation.data / "postgres.log").read_text(errors="replace")
    assert "535 5.7.8 bad credentials [hidden]" in said["logs"]
    assert "535 5.7.8 bad credentials" in said["check"]
    canaries = [*SECRETS, *WORDS.values(), password, browser.session]
    assert {canary: holding(said, canary) for canary in canaries} == {canary: [] for canary in canaries}


def holding(said: dict[str, str], canary: str) -> list[str]:
    """Where it was said."""
    return [where for where, text in said.items() if canary in text]

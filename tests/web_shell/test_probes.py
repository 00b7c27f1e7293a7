"""/healthz, /readyz and /metrics, as monitoring asks for them."""

from __future__ import annotations

import asyncio
import time
from http.client import HTTPConnection, HTTPResponse

import pytest
from django.conf import settings as live_settings
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from emailhub.accounts import database
from emailhub.asgi import application
from emailhub.web import metrics, readiness
from emailhub.web.shell.probes import Probes, may_see_metrics
from emailhub.web.shell.remembered import Remembered
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import deliver, drain
from tests.web_shell.conftest import Server

TOKEN = "a-token-of-the-monitoring"


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response, response.read().decode()
    finally:
        connection.close()


def figures(server: Server) -> dict[tuple[str, ...], float]:
    """Every sample of /metrics, by its name and the values of its labels."""
    response, text = ask(server, "/metrics")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture(autouse=True)
def anew() -> None:
    """Nothing is remembered from another test, and there is a data folder."""
    readiness._once_migrated.cache_clear()
    application.probes = Probes()
    live_settings.DATA_ROOT.mkdir(exist_ok=True)


def test_a_process_that_lives_says_ok_whatever_the_host(server: Server) -> None:
    response, text = ask(server, "/healthz", Host="10.0.0.7:8000")
    assert (response.status, text) == (200, "ok\n")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_process_that_can_serve_is_ready(server: Server) -> None:
    response, text = ask(server, "/readyz", Host="10.0.0.7:8000")
    assert (response.status, text) == (200, "ready\n")


def test_without_its_database_a_process_lives_and_is_not_ready(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = {"host": "127.0.0.1", "port": "1", "user": "x", "dbname": "x"}
    monkeypatch.setattr(database, "direct_parameters", lambda: nobody)
    response, text = ask(server, "/readyz")
    assert (response.status, text) == (503, "the database does not answer\n")
    assert ask(server, "/healthz")[0].status == 200


def test_with_another_versions_schema_a_process_is_not_ready_until_it_is_migrated(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "is_migrated", lambda: False)
    assert readiness.why_not_ready() == "the database is another version's"
    monkeypatch.setattr(database, "is_migrated", lambda: True)
    assert readiness.why_not_ready() == ""


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nothing_is_changed_by_asking(server: Server, path: str) -> None:
    assert ask(server, path, "POST")[0].status == 405
    response, text = ask(server, path, "HEAD")
    assert (response.status, text) == (200, "")


def test_the_figures_are_those_of_the_installation_and_of_the_process(server: Server) -> None:
    deliver(letter(CARLA), ("service.dealer@inbox.example", "office.farm@inbox.example"))
    drain()
    deliver(letter(CARLA))
    ask(server, "/account/login/")
    found = figures(server)
    assert found["emailhub_deliveries", "ticket"] == 2
    assert found["emailhub_deliveries", "waiting"] == 1
    assert 0 <= found[("emailhub_delivery_oldest_seconds",)] < 3600
    assert found[("emailhub_outgoing_oldest_seconds",)] == 0
    assert found[("emailhub_database_up",)] == 1
    assert found[("emailhub_live_pages",)] == 0
    assert found[("emailhub_storage_free_bytes",)] > 0
    assert found["emailhub_http_answer_seconds_count", "GET", "200"] >= 1
    assert found[("process_resident_memory_bytes",)] > 1_000_000


def test_figures_hold_nothing_of_a_mail_or_a_person(server: Server) -> None:
    deliver(letter(f"Canary Person <{CARLA}>", subject="canary-subject", text="canary-text"))
    drain()
    _, text = ask(server, "/metrics")
    assert "ticket" in text
    assert not [word for word in ("canary", "Canary", "carla", "dealer", "Service") if word in text]


def test_without_the_database_the_figures_say_so(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("away")

    monkeypatch.setattr(metrics, "received_figures", away)
    found = figures(server)
    assert found[("emailhub_database_up",)] == 0
    assert ("emailhub_deliveries", "ticket") not in found


def test_a_method_that_is_none_has_no_figure_of_its_own(server: Server) -> None:
    ask(server, "/account/login/", "BREW")
    assert "BREW" not in ask(server, "/metrics")[1]


def test_with_a_token_only_who_has_it_may_see_the_figures(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_settings, "METRICS_TOKEN", TOKEN)
    assert ask(server, "/metrics")[0].status == 404
    assert ask(server, "/metrics", Authorization="Bearer another")[0].status == 404
    assert ask(server, "/metrics", Authorization=f"Bearer {TOKEN}", Host="desk.dealer.net")[0].status == 200


@pytest.mark.parametrize(
    ("client", "host", "header", "allowed"),
    [
        ("127.0.0.1", "localhost:8000", "", True),
        ("127.0.0.1", "127.0.0.1:8000", "", True),
        ("::1", "[::1]:8000", "", True),
        ("10.0.0.9", "localhost:8000", "", False),
        ("127.0.0.1", "desk.dealer.net", "", False),  # through a proxy that keeps the Host
        ("127.0.0.1", "rebound.evil.example:8000", "", False),  # a page that has its name lead here
        ("127.0.0.1", "127.0.0.1:8000", "x-forwarded-for", False),  # through one that does not
        ("127.0.0.1", "127.0.0.1:8000", "via", False),
        ("", "localhost", "", False),
    ],
)
def test_without_a_token_this_machine_alone_may_and_no_proxy_for_others(
    client: str, host: str, header: str, allowed: bool
) -> None:
    headers = [(b"host", host.encode()), *([(header.encode(), b"192.0.2.1")] if header else [])]
    scope = {"client": (client, 1234) if client else None, "headers": headers}
    assert may_see_metrics(scope, "") is allowed


def test_what_is_slow_is_done_once_however_many_ask() -> None:
    calls = []

    def work() -> int:
        calls.append(1)
        time.sleep(0.2)
        return len(calls)

    async def ask_ten_times() -> list[int]:
        remembered = Remembered(work, seconds=60)
        return await asyncio.gather(*(remembered.get() for _ in range(10)))

    assert asyncio.run(ask_ten_times()) == [1] * 10

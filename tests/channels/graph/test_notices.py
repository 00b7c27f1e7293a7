"""Graph says that something changed: it is heard when it has the secret, and never believed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.channels.graph import subscriptions
from emailhub.delivery.models import Connection
from tests.cast import CARLA, Cast
from tests.letters import letter

from .conftest import SUPPORT, Connected
from .test_receiving import subjects


@pytest.fixture
def told(connected: Connected, settings: Any) -> Connected:
    """The mailbox with a subscription: our pages are reached by the world."""
    settings.URL = "https://desk.example"
    connected.double.subscriptions.post = post
    connected.visit()
    return connected


def post(url: str, kind: str, body: bytes | dict[str, Any]) -> tuple[int, str, bytes]:
    """How the double reaches our pages."""
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc) == ("https", "desk.example")
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    response = Client().post(target, data=body, content_type=kind)
    return response.status_code, response["Content-Type"], response.content


def subscription(told: Connected) -> dict[str, Any]:
    [row] = told.double.subscriptions.rows.values()
    return dict(row)


def wait_for_nothing(told: Connected) -> None:
    """Let the next look be far away, so that a wake-up shows."""
    with company(told.cast.dealer.id):
        Connection.objects.update(due_at=timezone.now() + timedelta(hours=1))


def is_due(told: Connected) -> bool:
    due_at = told.again().due_at
    return due_at is not None and due_at <= timezone.now()


def test_a_mailbox_is_subscribed_to_and_looked_at_all_the_same(told: Connected) -> None:
    row = subscription(told)
    assert row["resource"] == f"users/{SUPPORT}/mailFolders('inbox')/messages"
    assert row["changeType"] == "created"
    assert row["notificationUrl"] == row["lifecycleNotificationUrl"]
    due_at = told.again().due_at
    assert due_at and timedelta(minutes=3) < due_at - timezone.now() < timedelta(minutes=5)


def test_a_notice_with_the_secret_wakes_a_worker(told: Connected) -> None:
    told.mailbox.receive(letter(CARLA, SUPPORT, "Pump"))
    wait_for_nothing(told)
    assert told.double.subscriptions.notify() == [202]
    assert is_due(told)
    told.visit()
    assert subjects(told) == ["Pump"]


@pytest.mark.parametrize("state", ["wrong", "", None, 7, ["x"]])
def test_a_notice_without_the_secret_is_answered_alike_and_asks_nothing_of_graph(
    told: Connected, state: object
) -> None:
    wait_for_nothing(told)
    before = len(told.double.requests)
    assert told.double.subscriptions.notify(clientState=state) == [202]
    assert told.double.subscriptions.notify(clientState=state, lifecycleEvent="subscriptionRemoved") == [202]
    assert not is_due(told)
    assert len(told.double.requests) == before
    assert told.again().settings["subscription"]["id"]


@pytest.mark.parametrize("body", [b"", b"{", b'{"value": 3}', b"[]", b'{"value": [1]}', b"[" * 100_000])
def test_a_post_that_is_no_notice_is_answered_and_forgotten(told: Connected, body: bytes) -> None:
    url = f"/webhooks/graph/{told.cast.dealer.id}/{told.connection.pk}/"
    assert Client().post(url, data=body, content_type="application/json").status_code == 202
    other = f"/webhooks/graph/{told.cast.farm.id}/{told.connection.pk}/"
    assert Client().post(other, data=b'{"value": [{}]}', content_type="application/json").status_code == 202


def test_the_token_of_the_handshake_is_given_back_as_plain_text(committed_cast: Cast) -> None:
    response = Client().post(
        "/webhooks/graph/1/1/?validationToken=%3Cscript%3E+%26", content_type="text/plain"
    )
    assert (response.status_code, response.content) == (200, b"<script> &")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_subscription_is_renewed_at_half_of_its_time(told: Connected) -> None:
    [id] = told.double.subscriptions.rows
    half = timezone.now() + subscriptions.LASTS / 2 - timedelta(minutes=1)
    age_subscription(told, half)
    told.visit()
    assert told.double.asked("PATCH /subscriptions", id)
    assert list(told.double.subscriptions.rows) == [id]


def age_subscription(told: Connected, expires: Any) -> None:
    with company(told.cast.dealer.id):
        row = Connection.objects.get()
        row.settings = {
            **row.settings,
            "subscription": {**row.settings["subscription"], "expires": expires.isoformat()},
        }
        row.save()


def test_a_removed_subscription_is_made_anew_and_nothing_was_missed(told: Connected) -> None:
    [id] = told.double.subscriptions.rows
    told.double.subscriptions.notify(lifecycleEvent="subscriptionRemoved", changeType=None)
    del told.double.subscriptions.rows[id]
    told.mailbox.receive(letter(CARLA, SUPPORT, "Meanwhile"))
    told.visit()
    assert list(told.double.subscriptions.rows) != [id]
    assert subjects(told) == ["Meanwhile"]


def test_graph_asks_for_reauthorisation_and_gets_it(told: Connected) -> None:
    told.double.subscriptions.notify(lifecycleEvent="reauthorizationRequired", changeType=None)
    told.visit()
    assert told.double.asked("PATCH /subscriptions")


def test_where_our_pages_cannot_be_reached_mail_comes_in_all_the_same(
    connected: Connected, settings: Any
) -> None:
    settings.URL = "https://desk.example"
    connected.mailbox.receive(letter(CARLA, SUPPORT, "Pump"))
    connection = connected.visit()
    connected.visit()
    assert subjects(connected) == ["Pump"]
    assert connection.state == Connection.State.WORKING
    assert len(connected.double.asked("POST /subscriptions")) == 1  # not again with each look

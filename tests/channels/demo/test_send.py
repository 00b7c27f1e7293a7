from __future__ import annotations

import socket

import pytest
from django.utils import timezone

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.channels.demo.send import DemoSender
from emailhub.delivery.outcomes import Fate, FinishedMail
from emailhub.hub.models import HubAddress
from emailhub.hub.own_addresses import name_address
from emailhub.hub.probes import send_probe
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_one
from tests.cast import Cast
from tests.letters import letter

PARTS = "parts.dealer@inbox.example"


@pytest.fixture(autouse=True)
def no_wire(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    """The database is connected; nothing else may be."""

    def refuse(*_: object) -> None:
        raise AssertionError("the demo opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def send(*recipients: str) -> tuple[dict[str, Fate], list[tuple[str, ...]]]:
    told: list[tuple[str, ...]] = []
    mail = FinishedMail("bounces+1@inbox.example", recipients, letter("service.dealer@inbox.example"))
    outcome = DemoSender().send(mail, told.append)
    return {result.address: result.fate for result in outcome.results}, told


def test_a_customer_has_the_mail_at_once_and_nothing_leaves() -> None:
    fates, told = send("carla@customer.example")
    assert fates == {"carla@customer.example": Fate.ACCEPTED}
    assert told == [("carla@customer.example",)]


@pytest.mark.parametrize(
    "stranger", ["ann@dealer.com", "ann@example.com", "ann@fakeexample", "ann@x.example.org"]
)
def test_who_could_exist_is_refused(stranger: str) -> None:
    fates, told = send(stranger, "carla@customer.example")
    assert fates == {stranger: Fate.REFUSED, "carla@customer.example": Fate.ACCEPTED}
    assert told == [("carla@customer.example",)]


def test_where_nobody_is_of_the_demo_the_mail_stays_undelivered() -> None:
    fates, told = send("ann@dealer.com")
    assert fates == {"ann@dealer.com": Fate.REFUSED}
    assert told == []


def test_our_own_team_receives_it_as_mail(cast: Cast) -> None:
    send("carla@customer.example", PARTS)
    with company(cast.dealer.id):
        row = ReceivedMessage.objects.get()
    assert (row.channel, row.rcpt_to, row.team_id) == ("demo", [PARTS], cast.parts.id)


def test_an_address_on_its_way_to_a_team_is_redirected_as_a_company_s_server_does(cast: Cast) -> None:
    """So that the set-up guide works in the demo, down to its last step."""
    with company(cast.dealer.id):
        own = name_address(cast.service, "help@dealer.example", by=cast.ana, now=timezone.now())
        probe = send_probe(cast.service, own.address, by=cast.ana, now=timezone.now())
        content = store.get(cast.dealer.id, probe.outgoing.content_key)
    mail = FinishedMail("bounces+1@inbox.example", (own.address,), content, company_id=cast.dealer.id)
    DemoSender().send(mail, lambda _: None)
    with company(cast.dealer.id):
        row = ReceivedMessage.objects.get()
        process_one(row.pk, cast.dealer.id, now=timezone.now())
        assert HubAddress.objects.get(address="help@dealer.example").team == cast.service

from __future__ import annotations

import socket

import pytest

from emailhub.accounts.tenancy import company
from emailhub.channels.demo.send import DemoSender
from emailhub.delivery.outcomes import Fate, FinishedMail
from emailhub.intake.models import ReceivedMessage
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

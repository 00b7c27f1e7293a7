from __future__ import annotations

import socket

import pytest

from emailhub.accounts.tenancy import company
from emailhub.channels.demo.post import post
from emailhub.channels.smtp.receive import Listener
from emailhub.delivery.outcomes import Fate, FinishedMail
from emailhub.intake.models import ReceivedMessage
from tests.cast import Cast
from tests.letters import letter

CARLA = "carla@customer.example"
SERVICE = "service.dealer@inbox.example"
NOBODY = "nobody.dealer@inbox.example"


def test_a_customers_mail_goes_through_the_listener_and_is_kept(demo: Cast, listener: Listener) -> None:
    raw = letter(CARLA)
    outcome = post(FinishedMail(CARLA, (SERVICE,), raw))
    assert [result.fate for result in outcome.results] == [Fate.ACCEPTED]
    with company(demo.dealer.id):
        row = ReceivedMessage.objects.get()
    assert (row.channel, row.mail_from, row.rcpt_to) == ("smtp", CARLA, [SERVICE])


def test_what_the_listener_refuses_is_said_with_its_words(demo: Cast, listener: Listener) -> None:
    outcome = post(FinishedMail(CARLA, (SERVICE, NOBODY), letter(CARLA)))
    taken, refused = outcome.results
    assert taken.fate == Fate.ACCEPTED
    assert (refused.address, refused.fate, refused.status) == (NOBODY, Fate.REFUSED, "550")
    assert "5.1.1" in refused.diagnostic


def test_a_mail_to_nobody_is_refused_and_nothing_is_kept(demo: Cast, listener: Listener) -> None:
    outcome = post(FinishedMail(CARLA, (NOBODY,), letter(CARLA)))
    assert [result.fate for result in outcome.results] == [Fate.REFUSED]
    with company(demo.dealer.id):
        assert not ReceivedMessage.objects.exists()


def test_without_a_listener_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("EMAILHUB_SMTP_PORT", str(unused.getsockname()[1]))
        outcome = post(FinishedMail(CARLA, (SERVICE,), letter(CARLA)))
    assert [result.fate for result in outcome.results] == [Fate.DEFERRED]
    assert outcome.error


def test_a_listener_that_is_switched_off_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAILHUB_SMTP_PORT", "0")
    assert "EMAILHUB_SMTP_PORT" in post(FinishedMail(CARLA, (SERVICE,), letter(CARLA))).error

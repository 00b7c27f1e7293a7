"""The same faults by a program that others have written: Postfix's smtp-sink."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from emailhub.channels.smtp.limits import TimeOuts
from emailhub.channels.smtp.send import Relay, RelaySettings, Security
from emailhub.delivery.outcomes import Fate, FinishedMail
from tests.cast import CARLA
from tests.channels.smtp.postfix import free_port

pytestmark = pytest.mark.skipif(not shutil.which("smtp-sink"), reason="needs Postfix's smtp-sink")
StartSink = Callable[..., Relay]


@pytest.fixture
def through() -> Iterator[StartSink]:
    """Start smtp-sink with options and return a relay that speaks with it."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> Relay:
        port = free_port()
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        started.append(subprocess.Popen(["smtp-sink", *user, *options, f"127.0.0.1:{port}", "100"]))
        _wait_for(port)
        quick = TimeOuts(connect=2, reply=2, block=2, final_reply=2)
        settings = RelaySettings("127.0.0.1", port, Security.NONE, "hub.example", time_outs=quick, rest=0)
        return Relay(settings)

    yield start
    for process in started:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("smtp-sink does not listen")


def fate(relay: Relay) -> tuple[Fate, bool]:
    """What became of a mail, and whether the final dot may have been sent."""
    before: list[tuple[str, ...]] = []
    outcome = relay.send(FinishedMail("a@inbox.example", (CARLA,), b"Subject: x\r\n\r\ny\r\n"), before.append)
    relay.close()
    return outcome.results[0].fate, bool(before)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("connect", (Fate.DEFERRED, False)),
        ("helo,ehlo", (Fate.DEFERRED, False)),
        ("mail", (Fate.DEFERRED, False)),
        ("rcpt", (Fate.DEFERRED, False)),
        ("data", (Fate.DEFERRED, False)),
        (".", (Fate.UNCERTAIN, True)),
        ("quit", (Fate.ACCEPTED, True)),
    ],
)
def test_a_dropped_connection(through: StartSink, moment: str, expected: tuple[Fate, bool]) -> None:
    assert fate(through("-q", moment)) == expected


@pytest.mark.parametrize("moment", ["connect", "mail", "rcpt", "data", "."])
def test_a_soft_refusal(through: StartSink, moment: str) -> None:
    assert fate(through("-r", moment))[0] is Fate.DEFERRED


@pytest.mark.parametrize("moment", ["mail", "rcpt", "data", "."])
def test_a_hard_refusal(through: StartSink, moment: str) -> None:
    assert fate(through("-f", moment))[0] is Fate.REFUSED


def test_a_server_that_refuses_every_connection_is_tried_again_later(through: StartSink) -> None:
    """A 5xx greeting is about the relay, not about the mail."""
    assert fate(through("-f", "connect"))[0] is Fate.DEFERRED

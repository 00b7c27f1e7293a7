"""Workers are killed, or held, at each step of a sending. The relay never gets a mail twice by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from emailhub.delivery.deliver import deliver_due
from emailhub.delivery.models import OutgoingMessage
from tests.cast import CARLA, JON, Cast
from tests.channels.smtp.sink import Sink
from tests.channels.smtp.test_send import MakeRelay, make_relay, sink
from tests.conftest import DATABASE
from tests.delivery.scripted import Settled, again, locks, post, recipients

__all__ = ["make_relay", "sink"]
State = OutgoingMessage.State
CHECKOUT = Path(__file__).parents[2]


class Worker:
    """A child process that has come to its step."""

    def __init__(self, port: int, step: str) -> None:
        worker = DATABASE.removeprefix("emailhub_")
        environment = {
            **os.environ,
            "PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}",
            "PYTEST_XDIST_WORKER": worker,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.delivery.worker", str(port), step],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == "here\n"

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        for _ in range(100):  # the server notices that the session has ended
            if not locks():
                return
            time.sleep(0.05)
        raise AssertionError("a dead worker still holds its row")

    def go_on(self) -> str:
        """Let it do the rest. Returns what it printed."""
        out, _ = self._process.communicate("\n", timeout=30)
        return out


@pytest.fixture
def message(committed_cast: Cast) -> Iterator[OutgoingMessage]:
    yield post(committed_cast)


@pytest.mark.parametrize("step", ["claimed", "content"])
def test_a_worker_killed_before_the_final_dot_is_followed_by_one_delivery(
    message: OutgoingMessage, sink: Sink, make_relay: MakeRelay, step: str
) -> None:
    Worker(sink.port, step).kill()
    assert again(message).state == State.SENDING
    deliver_due({"smtp": make_relay()}, Settled())

    assert again(message).state == State.SENT
    assert sink.rcpt_to() == [CARLA, JON]


@pytest.mark.parametrize(("step", "arrived"), [("dot", 0), ("answered", 1)])
def test_a_worker_killed_after_the_final_dot_may_have_been_sent_leaves_it_uncertain(
    message: OutgoingMessage, sink: Sink, make_relay: MakeRelay, step: str, arrived: int
) -> None:
    Worker(sink.port, step).kill()
    settled = Settled()
    deliver_due({"smtp": make_relay()}, settled)
    deliver_due({"smtp": make_relay()}, settled)

    assert again(message).state == State.UNCERTAIN
    assert recipients(message) == {CARLA: "uncertain", JON: "uncertain"}
    assert settled.states == [State.UNCERTAIN]
    assert len(sink.mails) == arrived


@pytest.mark.parametrize("step", ["claimed", "content", "dot", "answered"])
def test_a_worker_that_is_only_slow_keeps_its_mail(
    message: OutgoingMessage, sink: Sink, make_relay: MakeRelay, step: str
) -> None:
    slow = Worker(sink.port, step)
    assert deliver_due({"smtp": make_relay()}, Settled()) == 0  # the row is locked by its session
    assert slow.go_on() == "settled sent\n"
    assert again(message).state == State.SENT
    assert len(sink.mails) == 1

"""When the supervisor says that all is ready."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator

import pytest

from emailhub.cli.keeper import External
from emailhub.cli.supervisor import Supervisor

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def own_signals() -> Iterator[None]:
    """What the supervisor does with signals ends with the test."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("own_signals")
def test_it_is_ready_when_the_last_port_answers_and_not_when_the_first_does() -> None:
    with socket.create_server(("127.0.0.1", 0)) as pages, socket.socket() as mail:
        mail.bind(("127.0.0.1", 0))  # taken, and nobody listens yet
        listening = threading.Event()

        def listen() -> None:
            listening.set()
            mail.listen()

        late = threading.Timer(1, listen)
        late.start()
        said: list[bool] = []

        def on_ready() -> None:
            said.append(listening.is_set())
            os.kill(os.getpid(), signal.SIGTERM)

        ports = [pages.getsockname(), mail.getsockname()]
        assert Supervisor([], External(), ports).run(on_ready=on_ready) == 0
        late.join()
    assert said == [True]

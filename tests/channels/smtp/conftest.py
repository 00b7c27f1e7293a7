"""A listener on free ports of loopback, with the cast committed."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emailhub.channels.smtp.limits import Limits
from emailhub.channels.smtp.receive import Listener
from tests.cast import Cast

StartListener = Callable[..., Listener]


@pytest.fixture
def start_listener(committed_cast: Cast) -> Iterator[StartListener]:
    started: list[Listener] = []

    def start(limits: Limits | None = None, **options: object) -> Listener:
        listener = Listener(host="127.0.0.1", smtp_port=0, lmtp_port=0, limits=limits, **options)
        listener.start()
        started.append(listener)
        return listener

    yield start
    for listener in started:
        listener.stop(within=0)


@pytest.fixture
def listener(start_listener: StartListener) -> Listener:
    return start_listener()


@pytest.fixture
def port(listener: Listener) -> int:
    assert listener.smtp_port
    return listener.smtp_port


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that is its own authority, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    chain, key = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        shlex.split(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
            f" -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout {key} -out {chain}"
        ),
        check=True,
        capture_output=True,
    )
    return chain, key

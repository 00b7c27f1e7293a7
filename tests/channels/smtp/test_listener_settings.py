"""The environment names the ports and the certificate; what cannot be used is said at the start."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from emailhub.channels.smtp.receive import Listener, serve
from emailhub.configuration import ConfigurationError
from tests.cast import Cast
from tests.channels.smtp.postfix import free_port
from tests.channels.smtp.wire import Wire, received


def test_the_environment_names_the_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAILHUB_SMTP_PORT", "2600")
    monkeypatch.setenv("EMAILHUB_LMTP_PORT", "2601")
    listener = Listener.from_settings()
    assert (listener.host, listener.smtp_port, listener.lmtp_port) == ("127.0.0.1", 2600, 2601)


def test_port_0_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAILHUB_SMTP_PORT", "0")
    listener = Listener.from_settings()
    assert (listener.smtp_port, listener.lmtp_port) == (None, None)


def test_a_certificate_that_cannot_be_read_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EMAILHUB_SMTP_CERTIFICATE", str(tmp_path / "missing.pem"))
    with pytest.raises(ConfigurationError, match="EMAILHUB_SMTP_CERTIFICATE"):
        Listener.from_settings()


def test_a_certificate_without_its_key_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path]
) -> None:
    monkeypatch.setenv("EMAILHUB_SMTP_CERTIFICATE", str(certificate[0]))
    with pytest.raises(ConfigurationError, match="EMAILHUB_SMTP_KEY"):
        Listener.from_settings()


def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open(listener: Listener) -> None:
    second = Listener(host="127.0.0.1", smtp_port=None, lmtp_port=listener.smtp_port)
    with pytest.raises(OSError, match="in use"):
        second.start()
    second.stop()


def test_serving_ends_when_it_is_told_to(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path]
) -> None:
    port = free_port()
    monkeypatch.setenv("EMAILHUB_SMTP_PORT", str(port))
    monkeypatch.setenv("EMAILHUB_SMTP_CERTIFICATE", str(certificate[0]))
    monkeypatch.setenv("EMAILHUB_SMTP_KEY", str(certificate[1]))
    stop = threading.Event()
    serving = threading.Thread(target=serve, args=(stop,))
    serving.start()
    for _ in range(100):
        try:
            wire = Wire(port)
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    assert "STARTTLS" in wire.say("EHLO client.example")
    assert wire.send(committed_cast.service_address).startswith("250")
    stop.set()
    serving.join(timeout=5)
    assert not serving.is_alive()
    assert len(received(committed_cast)) == 1

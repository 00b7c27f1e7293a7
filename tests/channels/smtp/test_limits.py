"""What the listener does not let a client do, and how it treats those who are let in meanwhile."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from django.conf import LazySettings

from emailhub.channels.smtp.limits import Limits
from tests.cast import Cast
from tests.channels.smtp.conftest import StartListener
from tests.channels.smtp.wire import MAIL, Wire, received, stored


def test_an_announced_size_over_the_limit_is_refused_at_once(port: int, settings: LazySettings) -> None:
    with Wire(port) as wire:
        assert f"250 SIZE {settings.MAX_MESSAGE_SIZE}" in wire.say("EHLO client.example")
        too_much = settings.MAX_MESSAGE_SIZE + 1
        assert wire.say(f"MAIL FROM:<a@b.example> SIZE={too_much}").startswith("552 5.3.4 ")
        assert wire.say(f"MAIL FROM:<a@b.example> SIZE={settings.MAX_MESSAGE_SIZE}").startswith("250")


def test_a_mail_of_the_largest_size_passes_and_one_octet_more_does_not(
    port: int, committed_cast: Cast, settings: LazySettings
) -> None:
    settings.MAX_MESSAGE_SIZE = 200_000
    largest = b"x" * 199_998 + b"\r\n"
    with Wire(port) as wire:
        assert wire.send(committed_cast.service_address, content=largest).startswith("250")
        assert wire.send(committed_cast.service_address, content=b"x" + largest).startswith("552 5.3.4 ")
        assert wire.send(committed_cast.service_address).startswith("250")  # the session goes on

    assert [stored(row) for row in received(committed_cast)] == [largest, MAIL]


def test_a_mail_far_over_the_limit_is_read_to_its_end_and_takes_no_memory(
    port: int, committed_cast: Cast, settings: LazySettings
) -> None:
    settings.MAX_MESSAGE_SIZE = 100_000
    with Wire(port) as wire:
        wire.open_mail(committed_cast.service_address)
        for _ in range(200):
            wire.write(b"MAIL FROM:<a@b.example>\r\n" * 2_000)
        wire.write(b".\r\nNOOP\r\n")
        assert wire.reply().startswith("552 5.3.4 ")
        assert wire.reply().startswith("250")

    assert received(committed_cast) == []


@pytest.mark.slow
def test_a_mail_of_forty_megabytes_passes(port: int, committed_cast: Cast, settings: LazySettings) -> None:
    content = MAIL + (b"y" * 76 + b"\r\n") * (40 * 1024 * 1024 // 78 - 2)
    assert settings.MAX_MESSAGE_SIZE - 1_000 < len(content) <= settings.MAX_MESSAGE_SIZE
    with Wire(port, timeout=60) as wire:
        assert wire.send(committed_cast.service_address, content=content).startswith("250")

    [row] = received(committed_cast)
    assert stored(row) == content


def test_a_line_of_a_megabyte_is_content_like_any_other(port: int, committed_cast: Cast) -> None:
    content = MAIL + b"z" * 1_000_000 + b"\r\n"
    with Wire(port) as wire:
        assert wire.send(committed_cast.service_address, content=content).startswith("250")

    [row] = received(committed_cast)
    assert stored(row) == content


def test_too_much_mail_at_once_is_put_off(start_listener: StartListener, committed_cast: Cast) -> None:
    port = start_listener(Limits(buffered=100_000)).smtp_port
    with Wire(port) as wire:
        reply = wire.send(committed_cast.service_address, content=b"x" * 150_000 + b"\r\n")
        assert reply.startswith("452 4.3.1 ")
        assert wire.send(committed_cast.service_address).startswith("250")  # what was held is free again


def test_a_command_line_that_is_too_long_is_refused_and_the_next_one_is_not(port: int) -> None:
    with Wire(port) as wire:
        assert wire.say("NOOP " + "x" * 5_000).startswith("500")
        assert wire.say("NOOP " + "x" * 500_000).startswith("500")
        assert wire.say("NOOP").startswith("250")


def test_an_address_full_of_quotes_costs_no_time(port: int) -> None:
    """The standard library's parser, which aiosmtpd would use, is quadratic."""
    with Wire(port) as wire:
        wire.say("EHLO client.example")
        began = time.monotonic()
        for _ in range(50):
            assert wire.say("MAIL FROM:<" + '"' * 900 + ">").startswith("553")
        assert time.monotonic() - began < 2


def test_more_connections_than_allowed_are_turned_away_until_one_ends(start_listener: StartListener) -> None:
    port = start_listener(Limits(connections=2)).smtp_port
    first, second = Wire(port), Wire(port)
    with Wire(port) as third:
        assert third.greeting.startswith("421 4.3.2 ")
        assert third.is_closed()
    assert first.say("QUIT").startswith("221")
    assert first.is_closed()
    with Wire(port) as fourth:
        assert fourth.greeting.startswith("220")
    second.socket.close()


def test_one_address_gets_a_share_of_the_connections(start_listener: StartListener) -> None:
    port = start_listener(Limits(connections_per_address=1)).smtp_port
    with Wire(port) as first, Wire(port) as second:
        assert first.greeting.startswith("220")
        assert second.greeting.startswith("421 4.7.0 ")


def test_who_says_nothing_is_sent_away(start_listener: StartListener) -> None:
    port = start_listener(Limits(idle=0.3)).smtp_port
    with Wire(port) as wire:
        assert wire.reply().startswith("421 4.4.2 ")
        assert wire.is_closed()


def test_who_stops_in_the_middle_of_a_mail_is_sent_away(
    start_listener: StartListener, committed_cast: Cast
) -> None:
    port = start_listener(Limits(idle=0.3)).smtp_port
    with Wire(port) as wire:
        wire.open_mail(committed_cast.service_address)
        wire.write(MAIL)
        assert wire.reply().startswith("421 4.4.2 ")

    assert received(committed_cast) == []


def test_a_slow_mail_may_take_longer_than_the_idle_limit_but_not_for_ever(
    start_listener: StartListener, committed_cast: Cast
) -> None:
    port = start_listener(Limits(idle=0.5, data=2)).smtp_port
    with Wire(port) as wire:
        wire.open_mail(committed_cast.service_address)
        for _ in range(10):
            wire.write(b"slow\r\n")
            time.sleep(0.1)
        wire.write(b".\r\n")
        assert wire.reply().startswith("250")
        wire.open_mail(committed_cast.service_address)
        with pytest.raises((ConnectionError, EOFError, AssertionError)):
            for _ in range(100):
                wire.write(b"slower\r\n")
                time.sleep(0.1)
            raise AssertionError

    assert len(received(committed_cast)) == 1


def test_a_client_that_only_repeats_itself_is_sent_away(port: int) -> None:
    with Wire(port) as wire:
        wire.write(b"NOOP\r\n" * 201)
        replies = [wire.reply() for _ in range(201)]
        assert replies[199].startswith("250")
        assert replies[200].startswith("421 4.7.0 ")
        assert wire.is_closed()


@pytest.mark.slow
def test_hundreds_of_silent_connections_keep_nobody_else_out(
    start_listener: StartListener, committed_cast: Cast
) -> None:
    port = start_listener(Limits(connections=1_100, connections_per_address=1_100)).smtp_port
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(1_000)]
    began = time.monotonic()
    with Wire(port) as wire:
        assert wire.send(committed_cast.service_address).startswith("250")
    assert time.monotonic() - began < 3
    for connection in silent:
        connection.close()


def test_stopping_waits_for_a_mail_that_is_coming_in_and_sends_idle_clients_away(
    start_listener: StartListener, committed_cast: Cast
) -> None:
    listener = start_listener()
    busy, idle = Wire(listener.smtp_port), Wire(listener.smtp_port)
    busy.open_mail(committed_cast.service_address)
    busy.write(MAIL)
    stopping = threading.Thread(target=listener.stop)
    stopping.start()
    assert idle.reply().startswith("421 4.3.2 ")
    with pytest.raises(ConnectionRefusedError):
        Wire(listener.smtp_port)
    busy.write(b".\r\n")
    assert busy.reply().startswith("250")
    stopping.join(timeout=5)
    assert not stopping.is_alive()
    assert len(received(committed_cast)) == 1


def test_stopping_does_not_wait_for_a_client_that_never_ends(
    start_listener: StartListener, committed_cast: Cast
) -> None:
    listener = start_listener()
    with Wire(listener.smtp_port) as wire:
        wire.open_mail(committed_cast.service_address)
        began = time.monotonic()
        listener.stop(within=0.5)
        assert time.monotonic() - began < 3
        assert wire.reply().startswith("421")


@pytest.fixture
def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def test_starttls_is_offered_with_a_certificate_and_shows_in_the_trace_line(
    start_listener: StartListener, committed_cast: Cast, tls: ssl.SSLContext, certificate: tuple[Path, Path]
) -> None:
    port = start_listener(tls=tls).smtp_port
    with Wire(port) as wire:
        assert "250-STARTTLS" in wire.say("EHLO client.example")
        assert wire.say("STARTTLS").startswith("220")
        wire.encrypt(ssl.create_default_context(cafile=str(certificate[0])))
        offers = wire.say("EHLO client.example")
        assert "STARTTLS" not in offers
        assert "AUTH" not in offers
        content = MAIL + b"w" * 300_000 + b"\r\n"
        assert wire.send(committed_cast.service_address, content=content).startswith("250")

    [row] = received(committed_cast)
    assert stored(row) == content


def test_starttls_is_not_offered_without_a_certificate(port: int) -> None:
    with Wire(port) as wire:
        assert "STARTTLS" not in wire.say("EHLO client.example")
        assert wire.say("STARTTLS")[0] in "45"


def test_a_failed_handshake_ends_its_connection_and_nothing_else(
    start_listener: StartListener, tls: ssl.SSLContext
) -> None:
    port = start_listener(Limits(connections=1), tls=tls).smtp_port
    for _ in range(3):
        with Wire(port) as wire:
            assert wire.say("EHLO client.example").startswith("250")
            assert wire.say("STARTTLS").startswith("220")
            wire.write(b"this is no handshake\r\n" * 20)
            with pytest.raises((EOFError, ConnectionError, AssertionError)):
                while True:
                    wire.reply()


def test_what_was_said_before_the_encryption_is_forgotten(
    start_listener: StartListener, committed_cast: Cast, tls: ssl.SSLContext, certificate: tuple[Path, Path]
) -> None:
    """CVE-2011-0411: a command in clear text behind STARTTLS must not be executed inside it."""
    port = start_listener(tls=tls).smtp_port
    with Wire(port) as wire:
        wire.say("EHLO client.example")
        wire.say("MAIL FROM:<mallory@evil.example>")
        wire.write(b"STARTTLS\r\nRSET\r\n")
        assert wire.reply().startswith("220")
        wire.encrypt(ssl.create_default_context(cafile=str(certificate[0])))
        assert wire.say(f"RCPT TO:<{committed_cast.service_address}>").startswith("503")

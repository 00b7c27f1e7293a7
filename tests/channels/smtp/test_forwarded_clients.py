"""A trusted server in front of us says whose mail it hands on; nobody else can (XCLIENT, XFORWARD)."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from emailhub import store
from tests.cast import Cast
from tests.channels.smtp.conftest import StartListener
from tests.channels.smtp.wire import Wire, received

LOOPBACK = [ip_network("127.0.0.0/8")]


def top_lines(cast: Cast) -> list[bytes]:
    contents = [store.get(row.company_id, row.content_key) for row in received(cast)]
    return [content[: content.index(b";")] for content in contents]


def top_line(cast: Cast) -> bytes:
    [line] = top_lines(cast)
    return line


def test_xclient_names_the_client_and_begins_the_session_anew(
    start_listener: StartListener, committed_cast: Cast
) -> None:
    port = start_listener(trusted_peers=LOOPBACK).smtp_port
    with Wire(port) as wire:
        assert "XCLIENT" in wire.say("EHLO mx.dealer.example")
        assert wire.say(
            "XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.1 PROTO=ESMTP HELO=mx.farm.example"
        ).startswith("220 ")
        assert wire.say("MAIL FROM:<carla@farm.example>").startswith("503")
        wire.say("EHLO mx.dealer.example")
        assert wire.send(committed_cast.service_address).startswith("250")
    line = top_line(committed_cast)
    assert line.startswith(
        b"Received: from mx.farm.example ([192.0.2.1])\r\n\tby inbox.example (EmailHub, from 127.0.0.1)"
    )


def test_xforward_names_the_client_of_the_next_mail(
    start_listener: StartListener, committed_cast: Cast
) -> None:
    port = start_listener(trusted_peers=LOOPBACK).smtp_port
    with Wire(port) as wire:
        assert "XFORWARD" in wire.say("EHLO mx.dealer.example")
        assert wire.say("XFORWARD NAME=mx.farm.example ADDR=IPV6:2001:db8::1").startswith("250")
        assert wire.say("XFORWARD HELO=mx.farm.example PROTO=ESMTP").startswith("250")
        assert wire.send(committed_cast.service_address).startswith("250")
        assert wire.send(committed_cast.service_address).startswith("250")
    told, untold = top_lines(committed_cast)
    assert b"from mx.farm.example ([IPv6:2001:db8::1])" in told
    assert b"([127.0.0.1])" in untold


@pytest.mark.parametrize("verb", ["XCLIENT", "XFORWARD"])
def test_nobody_else_may_say_so(start_listener: StartListener, committed_cast: Cast, verb: str) -> None:
    port = start_listener(trusted_peers=[ip_network("192.0.2.0/24")]).smtp_port
    with Wire(port) as wire:
        assert verb not in wire.say("EHLO mx.evil.example")
        assert wire.say(f"{verb} ADDR=192.0.2.1 HELO=mx.farm.example").startswith("550 ")
        assert wire.send(committed_cast.service_address).startswith("250")
    assert b"([127.0.0.1])" in top_line(committed_cast)


@pytest.mark.parametrize("said", ["ADDR", "ADDR=nowhere", "ADDR=192.0.2.1+0D+0AX", "NAME", "HELO=a b"])
def test_what_cannot_be_read_changes_nothing(
    start_listener: StartListener, committed_cast: Cast, said: str
) -> None:
    port = start_listener(trusted_peers=LOOPBACK).smtp_port
    with Wire(port) as wire:
        wire.say("EHLO mx.dealer.example")
        assert wire.say(f"XFORWARD {said}").startswith("501 ")
        assert wire.send(committed_cast.service_address).startswith("250")
    assert b"([127.0.0.1])" in top_line(committed_cast)


def test_a_greeting_cannot_smuggle_a_line_into_the_header(
    start_listener: StartListener, committed_cast: Cast
) -> None:
    port = start_listener(trusted_peers=LOOPBACK).smtp_port
    with Wire(port) as wire:
        wire.say("EHLO mx.dealer.example")
        assert wire.say("XFORWARD ADDR=192.0.2.1 HELO=mx+0D+0ABcc:x").startswith("250")
        assert wire.send(committed_cast.service_address).startswith("250")
    assert top_line(committed_cast).startswith(b"Received: from mx??Bcc:x ([192.0.2.1])\r\n")


def test_the_client_is_not_changed_within_a_mail(start_listener: StartListener, committed_cast: Cast) -> None:
    port = start_listener(trusted_peers=LOOPBACK).smtp_port
    with Wire(port) as wire:
        wire.say("EHLO mx.dealer.example")
        wire.say("MAIL FROM:<carla@farm.example>")
        assert wire.say("XCLIENT ADDR=192.0.2.1").startswith("503 ")

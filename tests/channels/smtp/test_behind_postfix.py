"""Debian's Postfix with the shipped configuration, in front of the listener and behind the relay's client."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_network

import pytest

from emailhub import store
from emailhub.channels.smtp.receive import Listener
from emailhub.channels.smtp.send import Relay, RelaySettings, Security
from emailhub.delivery.outcomes import Fate, FinishedMail
from tests.cast import CARLA, JON, Cast
from tests.channels.smtp.conftest import StartListener
from tests.channels.smtp.postfix import STOCK_MASTER, Postfix
from tests.channels.smtp.sink import Sink
from tests.channels.smtp.test_end_of_mail import FALSE_ENDS, SMUGGLED
from tests.channels.smtp.wire import MAIL, Wire, received

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.geteuid() != 0 or not shutil.which("postfix") or not STOCK_MASTER.exists(),
        reason="needs Debian's Postfix and root",
    ),
]


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def postfix(listener: Listener, sink: Sink) -> Iterator[Postfix]:
    postfix = Postfix(hub=f"smtp:[127.0.0.1]:{listener.smtp_port}", relay_port=sink.port)
    yield postfix
    postfix.stop()


def wait_for(condition: Callable[[], bool], postfix: Postfix, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, postfix.log
        time.sleep(0.1)


def contents(cast: Cast) -> list[bytes]:
    return [store.get(row.company_id, row.content_key) for row in received(cast)]


def test_a_mail_arrives_once_and_unchanged_but_for_its_trace(postfix: Postfix, committed_cast: Cast) -> None:
    long_line = MAIL + b"x" * 5_000 + b"\r\n\xf1\xe9 8-bit\r\n..dots\r\n"
    with Wire(postfix.port, timeout=60) as wire:
        assert wire.send(committed_cast.service_address, content=long_line).startswith("250")
    wait_for(postfix.queue_is_empty, postfix)

    [content] = contents(committed_cast)
    assert content.endswith(long_line)
    assert content.count(b"\nReceived: ") == 1  # Postfix's, behind ours
    assert received(committed_cast)[0].mail_from == "carla@customer.example"


def test_postfix_says_whose_mail_it_hands_on(
    start_listener: StartListener, sink: Sink, committed_cast: Cast
) -> None:
    listener = start_listener(trusted_peers=[ip_network("127.0.0.0/8")])
    postfix = Postfix(hub=f"smtp:[127.0.0.1]:{listener.smtp_port}", relay_port=sink.port)
    try:
        with Wire(postfix.port, timeout=60) as wire:
            assert wire.send(committed_cast.service_address).startswith("250")
        wait_for(postfix.queue_is_empty, postfix)
    finally:
        postfix.stop()
    [content] = contents(committed_cast)
    assert content.startswith(b"Received: from client.example ([127.0.0.1])\r\n")


def test_an_unknown_recipient_is_refused_while_the_sender_is_connected(
    postfix: Postfix, committed_cast: Cast, sink: Sink
) -> None:
    with Wire(postfix.port, timeout=60) as wire:
        wire.say("EHLO client.example")
        wire.say("MAIL FROM:<victim@elsewhere.example>")
        assert wire.say("RCPT TO:<nobody.dealer@inbox.example>").startswith("550 ")
        assert wire.say("RCPT TO:<victim@elsewhere.example>")[:3] in ("550", "554")
        assert wire.say(f"RCPT TO:<{committed_cast.service_address}>").startswith("250")
    wait_for(postfix.queue_is_empty, postfix)
    assert sink.mails == []  # nothing was bounced to anybody


def test_a_recipient_is_not_refused_because_the_hub_is_away(
    postfix: Postfix, listener: Listener, committed_cast: Cast
) -> None:
    listener.stop()
    with Wire(postfix.port, timeout=60) as wire:
        wire.say("EHLO client.example")
        wire.say("MAIL FROM:<carla@customer.example>")
        assert wire.say(f"RCPT TO:<{committed_cast.service_address}>").startswith("450 ")


def test_what_postfix_has_accepted_arrives_when_the_hub_is_back(
    postfix: Postfix, listener: Listener, committed_cast: Cast
) -> None:
    with Wire(postfix.port, timeout=60) as wire:  # the address is known from now on
        wire.send(committed_cast.service_address)
        wait_for(postfix.queue_is_empty, postfix)
        port = listener.smtp_port
        listener.stop()
        assert wire.send(committed_cast.service_address).startswith("250")
    time.sleep(1)
    assert not postfix.queue_is_empty()
    back = Listener(host="127.0.0.1", smtp_port=port)
    back.start()
    try:
        postfix.flush()
        wait_for(postfix.queue_is_empty, postfix)
    finally:
        back.stop()
    assert len(received(committed_cast)) == 2


def test_nothing_is_smuggled_past_postfix(postfix: Postfix, committed_cast: Cast) -> None:
    """Each false end through a session of its own; the sender's second mail never becomes one."""
    answers: list[str] = []
    for false_end in FALSE_ENDS:
        with Wire(postfix.port, timeout=60) as wire:
            wire.open_mail(committed_cast.service_address)
            wire.write(MAIL + b"before" + false_end + SMUGGLED + b".\r\n")
            answers.append(wire.reply())
            assert wire.say("NOOP")[:3] in ("250", "421")
    wait_for(postfix.queue_is_empty, postfix)

    accepted = [answer for answer in answers if answer.startswith("250")]
    rows = received(committed_cast)
    assert len(rows) == len(accepted) > 0
    assert {row.mail_from for row in rows} == {"carla@customer.example"}


@pytest.mark.parametrize("exclusions", ["", "$mynetworks"])
def test_the_test_of_smuggling_is_not_blind(
    listener: Listener, sink: Sink, committed_cast: Cast, exclusions: str
) -> None:
    """With Debian's own settings the same client gets a second mail through."""
    postfix = Postfix(
        hub=f"smtp:[127.0.0.1]:{listener.smtp_port}",
        relay_port=sink.port,
        smtpd_forbid_bare_newline="normalize" if exclusions else "no",
        smtpd_forbid_bare_newline_exclusions=exclusions,
        smtpd_forbid_unauth_pipelining="no",
        smtpd_data_restrictions="",
    )
    try:
        with Wire(postfix.port, timeout=60) as wire:
            wire.open_mail(committed_cast.service_address)
            wire.write(MAIL + b"before\n.\n" + SMUGGLED + b".\r\n")
            wire.reply()
            wait_for(lambda: len(received(committed_cast)) == 2, postfix)
    finally:
        postfix.stop()
    senders = {row.mail_from for row in received(committed_cast)}
    assert senders == {"carla@customer.example", "boss@dealer.example"}


def test_thirty_megabytes_pass_and_forty_five_are_refused(postfix: Postfix, committed_cast: Cast) -> None:
    line = b"m" * 76 + b"\r\n"
    large = MAIL + line * (30 * 1024 * 1024 // len(line))
    with Wire(postfix.port, timeout=120) as wire:
        assert wire.send(committed_cast.service_address, content=large).startswith("250")
        assert wire.say("MAIL FROM:<carla@customer.example> SIZE=47185920").startswith("552 5.3.4 ")
        too_large = MAIL + line * (45 * 1024 * 1024 // len(line))
        assert wire.send(committed_cast.service_address, content=too_large).startswith("552 5.3.4 ")
    wait_for(postfix.queue_is_empty, postfix, 60)
    [content] = contents(committed_cast)
    assert content.endswith(large)


def test_lmtp_serves_postfix_as_well(listener: Listener, sink: Sink, committed_cast: Cast) -> None:
    postfix = Postfix(hub=f"lmtp:inet:127.0.0.1:{listener.lmtp_port}", relay_port=sink.port)
    try:
        with Wire(postfix.port, timeout=60) as wire:
            reply = wire.send(committed_cast.service_address, committed_cast.parts_address)
            assert reply.startswith("250")
        wait_for(postfix.queue_is_empty, postfix)
    finally:
        postfix.stop()
    assert len(received(committed_cast)) == 2


def test_our_own_mail_leaves_through_the_loopback_port(postfix: Postfix, sink: Sink) -> None:
    relay = Relay(RelaySettings("127.0.0.1", postfix.submission_port, Security.NONE, "inbox.example"))
    content = b"Subject: Brakes\r\n\r\nWe have a look.\r\n.\r\n"
    outcome = relay.send(FinishedMail("bounces+1@inbox.example", (CARLA, JON), content), lambda _: None)
    relay.close()
    wait_for(lambda: bool(sink.mails), postfix)

    assert {result.fate for result in outcome.results} == {Fate.ACCEPTED}
    [mail] = sink.mails
    assert mail.rcpt_to == (CARLA, JON)
    assert mail.mail_from.startswith("<bounces+1@inbox.example>")
    assert mail.content.endswith(content.replace(b"\r\n.", b"\r\n.."))

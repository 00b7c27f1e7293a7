"""The relay breaks at every moment that there is; each has its own meaning for every recipient."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emailhub.channels.smtp.limits import TimeOuts
from emailhub.channels.smtp.send import Relay, RelaySettings, Security, smtp_sender
from emailhub.configuration import ConfigurationError
from emailhub.delivery.outcomes import Fate, FinishedMail, Outcome
from tests.channels.smtp.sink import DROP, SILENCE, Sink

CONTENT = b"Subject: Brakes\r\n\r\nWe have a look.\r\n.\r\n..dots\r\n"
CARLA, JON = "carla@customer.example", "jon@workshop.example"
MAIL = FinishedMail("bounces+1@inbox.example", (CARLA, JON), CONTENT)
MakeRelay = Callable[..., Relay]
Before = list[tuple[str, ...]]


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def make_relay(sink: Sink) -> Iterator[MakeRelay]:
    made: list[Relay] = []

    def make(**options: Any) -> Relay:
        quick = TimeOuts(connect=1, reply=0.5, block=2, final_reply=0.5)
        settings = {
            "host": "localhost",
            "port": sink.port,
            "security": Security.NONE,
            "helo": "inbox.example",
        }
        made.append(Relay(RelaySettings(**{**settings, "time_outs": quick, "rest": 0, **options})))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for relay in made:
        relay.close()


@pytest.fixture
def relay(make_relay: MakeRelay) -> Relay:
    return make_relay()


def fates(outcome: Outcome) -> dict[str, Fate]:
    return {result.address: result.fate for result in outcome.results}


def send(relay: Relay, mail: FinishedMail = MAIL) -> tuple[Outcome, Before]:
    before: Before = []
    return relay.send(mail, before.append), before


def test_a_mail_arrives_with_its_envelope_and_its_dots(relay: Relay, sink: Sink) -> None:
    outcome, before = send(relay)

    assert fates(outcome) == {CARLA: Fate.ACCEPTED, JON: Fate.ACCEPTED}
    assert outcome.error == ""
    assert [result.status for result in outcome.results] == ["2.0.0", "2.0.0"]
    assert before == [(CARLA, JON)]
    [mail] = sink.mails
    assert mail.mail_from == f"<bounces+1@inbox.example> SIZE={len(CONTENT)}"
    assert mail.rcpt_to == (CARLA, JON)
    assert mail.content == CONTENT.replace(b"\r\n.", b"\r\n..")


def test_the_last_chance_to_stop_comes_before_the_final_dot(relay: Relay, sink: Sink) -> None:
    class StopError(Exception):
        pass

    def stop(_: tuple[str, ...]) -> None:
        raise StopError

    with pytest.raises(StopError):
        relay.send(MAIL, stop)
    outcome, _ = send(relay)
    assert fates(outcome)[CARLA] is Fate.ACCEPTED
    assert len(sink.mails) == 1
    assert sink.connections == 2  # the first one was broken off


@pytest.mark.parametrize("fault", [DROP, SILENCE])
@pytest.mark.parametrize("moment", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_final_dot_has_delivered_nothing(
    relay: Relay, sink: Sink, moment: str, fault: str
) -> None:
    sink.replies[moment] = fault
    outcome, before = send(relay)

    assert fates(outcome) == {CARLA: Fate.DEFERRED, JON: Fate.DEFERRED}
    assert outcome.error
    assert before == []
    del sink.replies[moment]
    assert fates(send(relay)[0]) == {CARLA: Fate.ACCEPTED, JON: Fate.ACCEPTED}
    assert len(sink.mails) == 1


def test_a_connection_lost_within_the_mail_has_delivered_nothing(relay: Relay, sink: Sink) -> None:
    sink.drop_in_mail_after = 100_000
    big = FinishedMail("", (CARLA,), b"x\r\n" * 3_000_000)
    outcome, before = send(relay, big)

    assert fates(outcome) == {CARLA: Fate.DEFERRED}
    assert before == []
    assert sink.mails == []


@pytest.mark.parametrize("fault", [DROP, SILENCE, "what?"])
def test_a_connection_lost_after_the_final_dot_is_uncertain(relay: Relay, sink: Sink, fault: str) -> None:
    sink.replies["."] = fault
    outcome, before = send(relay)

    assert fates(outcome) == {CARLA: Fate.UNCERTAIN, JON: Fate.UNCERTAIN}
    assert before == [(CARLA, JON)]
    assert len(sink.mails) == 1  # it was delivered; nobody told us


def test_a_connection_lost_at_quit_changes_nothing(relay: Relay, sink: Sink) -> None:
    sink.replies["QUIT"] = DROP
    outcome, _ = send(relay)
    relay.close()

    assert fates(outcome) == {CARLA: Fate.ACCEPTED, JON: Fate.ACCEPTED}


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize(
    ("reply", "fate", "status"),
    [
        ("450 4.2.0 try later", Fate.DEFERRED, "4.2.0"),
        ("421 4.3.2 going down", Fate.DEFERRED, "4.3.2"),
        ("550 5.7.1 not welcome", Fate.REFUSED, "5.7.1"),
        ("554 no", Fate.REFUSED, "554"),
        ("530 5.7.0 Authentication required", Fate.DEFERRED, "5.7.0"),
    ],
)
def test_a_refusal_keeps_the_servers_code_and_words(
    relay: Relay, sink: Sink, moment: str, reply: str, fate: Fate, status: str
) -> None:
    sink.replies[moment] = reply
    outcome, _ = send(relay)

    assert fates(outcome) == {CARLA: fate, JON: fate}
    assert {result.status for result in outcome.results} == {status}
    assert {result.diagnostic for result in outcome.results} == {reply}
    assert outcome.error == reply
    assert sink.mails == []


def test_one_refused_recipient_does_not_keep_the_mail_from_the_others(relay: Relay, sink: Sink) -> None:
    sink.replies[f"RCPT TO:<{CARLA}>"] = "550 5.1.1 unknown"
    outcome, before = send(relay)

    assert fates(outcome) == {CARLA: Fate.REFUSED, JON: Fate.ACCEPTED}
    assert before == [(JON,)]
    assert sink.rcpt_to() == [JON]


def test_a_refused_recipient_stays_refused_when_the_connection_is_lost_later(
    relay: Relay, sink: Sink
) -> None:
    sink.replies[f"RCPT TO:<{CARLA}>"] = "550 5.1.1 unknown"
    sink.replies["DATA"] = DROP
    assert fates(send(relay)[0]) == {CARLA: Fate.REFUSED, JON: Fate.DEFERRED}


def test_a_reply_of_many_lines_and_strange_characters_becomes_one_line(relay: Relay, sink: Sink) -> None:
    sink.replies["MAIL"] = "550-5.1.1 a\x00b\x1b[31m\r\n550-" + "x" * 900 + "\r\n550 5.1.1 ñ"
    outcome, _ = send(relay)

    diagnostic = outcome.results[0].diagnostic
    assert diagnostic.startswith("550 5.1.1 a")
    assert diagnostic.isprintable()
    assert len(diagnostic) <= 510


def test_one_connection_carries_several_mails(relay: Relay, sink: Sink) -> None:
    for _ in range(3):
        send(relay)
    relay.close()

    assert len(sink.mails) == 3
    assert sink.connections == 1
    assert sink.commands[-1] == "quit"


def test_a_connection_that_died_while_it_was_kept_is_replaced_unnoticed(relay: Relay, sink: Sink) -> None:
    send(relay)
    sink.replies["RSET"] = [DROP]
    outcome, _ = send(relay)

    assert fates(outcome)[CARLA] is Fate.ACCEPTED
    assert (len(sink.mails), sink.connections) == (2, 2)


def test_a_refused_mail_does_not_spoil_the_next_one(relay: Relay, sink: Sink) -> None:
    sink.replies["MAIL"] = ["550 5.7.1 no"]
    send(relay)
    outcome, _ = send(relay)

    assert fates(outcome)[CARLA] is Fate.ACCEPTED
    assert sink.connections == 1


def test_a_relay_that_cannot_be_reached_is_left_alone_for_a_while(make_relay: MakeRelay, sink: Sink) -> None:
    relay = make_relay(rest=60)
    sink.replies["GREETING"] = ["421 4.3.2 full"]
    first, _ = send(relay)
    second, _ = send(relay)

    assert sink.connections == 1
    assert first == second
    assert fates(first)[CARLA] is Fate.DEFERRED
    assert first.channel_is_away
    assert "421 4.3.2 full" in first.error


@pytest.mark.parametrize(
    "content",
    [
        b"a\nb\r\n",
        b"a\rb\r\n",
        b"\r\n.\r\r\n",
        b"a\n.\r\nMAIL FROM:<x@y>\r\n",
        b"a\r\n.\n",
        b"\r.\r\n",
        b"no end",
        b"",
    ],
)
def test_bytes_that_could_smuggle_never_leave(relay: Relay, sink: Sink, content: bytes) -> None:
    outcome, before = send(relay, FinishedMail("", (CARLA,), content))

    assert fates(outcome) == {CARLA: Fate.REFUSED}
    assert before == []
    assert sink.connections == 0


def test_a_mail_larger_than_the_relay_takes_is_refused_without_being_sent(relay: Relay, sink: Sink) -> None:
    sink.offers = ("SIZE 20",)
    outcome, _ = send(relay)

    assert [(result.fate, result.status) for result in outcome.results] == [(Fate.REFUSED, "5.3.4")] * 2
    assert not any(command.startswith("MAIL") for command in sink.commands)


def test_extensions_are_named_only_where_they_are_needed(relay: Relay, sink: Sink) -> None:
    sink.offers = ("8BITMIME", "SMTPUTF8")
    send(relay)
    send(relay, FinishedMail("", (CARLA,), "A: b\r\n\r\nñ\r\n".encode()))
    send(relay, FinishedMail("", ("josé@correo.example",), b"A: b\r\n\r\nn\r\n"))

    assert [mail.mail_from for mail in sink.mails] == [
        "<bounces+1@inbox.example>",
        "<> BODY=8BITMIME",
        "<> SMTPUTF8",
    ]
    assert sink.mails[2].rcpt_to == ("josé@correo.example",)


@pytest.mark.parametrize(
    ("mail", "status"),
    [
        (FinishedMail("", ("josé@correo.example",), b"A: b\r\n\r\nn\r\n"), "5.6.7"),
        (FinishedMail("", (CARLA,), "A: ñ\r\n\r\nn\r\n".encode()), "5.6.7"),
        (FinishedMail("", (CARLA,), "A: b\r\n\r\nñ\r\n".encode()), "5.6.3"),
    ],
)
def test_what_the_relay_cannot_carry_is_refused_with_the_reason(
    relay: Relay, sink: Sink, mail: FinishedMail, status: str
) -> None:
    sink.offers = ()
    outcome, _ = send(relay, mail)
    assert [(result.fate, result.status) for result in outcome.results] == [(Fate.REFUSED, status)]


# Encryption and log-in


@pytest.fixture
def encrypted(sink: Sink, certificate: tuple[Path, Path]) -> Sink:
    sink.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    sink.tls.load_cert_chain(*certificate)
    return sink


def test_starttls_is_used_with_a_certificate_that_can_be_verified(
    make_relay: MakeRelay, encrypted: Sink, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    outcome, _ = send(make_relay(security=Security.STARTTLS))

    assert fates(outcome)[CARLA] is Fate.ACCEPTED
    assert encrypted.commands[:3] == ["ehlo inbox.example", "STARTTLS", "ehlo inbox.example"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_that_cannot_be_verified_gets_no_mail_and_no_password(
    make_relay: MakeRelay,
    encrypted: Sink,
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    host: str,
) -> None:
    """By name: unknown authority. By address: a known authority, but another host's certificate."""
    if host != "localhost":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    outcome, _ = send(make_relay(security=Security.STARTTLS, user="u", password="p", host=host))

    assert fates(outcome) == {CARLA: Fate.DEFERRED, JON: Fate.DEFERRED}
    assert "certificate" in outcome.error.lower()
    assert not any(command.startswith(("AUTH", "MAIL")) for command in encrypted.commands)


def test_a_relay_without_the_starttls_that_is_asked_for_gets_no_mail(
    make_relay: MakeRelay, sink: Sink
) -> None:
    outcome, _ = send(make_relay(security=Security.STARTTLS, user="u", password="p"))

    assert fates(outcome)[CARLA] is Fate.DEFERRED
    assert "STARTTLS" in outcome.error
    assert not any(command.startswith(("AUTH", "MAIL")) for command in sink.commands)


def test_a_refused_log_in_keeps_the_mail_and_says_so_without_the_password(
    make_relay: MakeRelay, sink: Sink
) -> None:
    sink.offers = ("AUTH PLAIN",)
    sink.replies["AUTH"] = "535 5.7.8 bad credentials"
    outcome, _ = send(make_relay(user="desk", password="canary-password"))

    assert fates(outcome) == {CARLA: Fate.DEFERRED, JON: Fate.DEFERRED}
    assert "log-in was refused: 535 5.7.8 bad credentials" in outcome.error
    assert "canary" not in outcome.error


def test_a_password_outside_ascii_is_complained_about_and_not_shown(
    make_relay: MakeRelay, sink: Sink
) -> None:
    sink.offers = ("AUTH PLAIN",)
    outcome, _ = send(make_relay(user="desk", password="contraseña"))

    assert "outside ASCII" in outcome.error
    assert "ñ" not in outcome.error


def test_the_password_is_not_shown_by_the_settings(make_relay: MakeRelay) -> None:
    settings = RelaySettings("h", 25, Security.NONE, "x", "desk", "canary-password")
    assert "canary" not in repr(settings)


# The environment


def test_without_a_relay_there_is_no_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAILHUB_RELAY_HOST", raising=False)
    assert smtp_sender() is None


def test_the_environment_names_the_relay(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAILHUB_RELAY_HOST", "127.0.0.1")
    monkeypatch.setenv("EMAILHUB_RELAY_PORT", str(sink.port))
    monkeypatch.setenv("EMAILHUB_RELAY_SECURITY", "none")
    relay = smtp_sender()
    assert relay
    assert fates(send(relay)[0])[CARLA] is Fate.ACCEPTED
    relay.close()


def test_a_security_that_does_not_exist_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAILHUB_RELAY_HOST", "127.0.0.1")
    monkeypatch.setenv("EMAILHUB_RELAY_SECURITY", "ssl")
    with pytest.raises(ConfigurationError, match="starttls, tls or none"):
        smtp_sender()

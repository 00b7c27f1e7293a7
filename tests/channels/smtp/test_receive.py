"""What the listener answers, and what is stored when it has said 250."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.delivery.outbox import enqueue
from emailhub.intake.models import ReceivedMessage
from tests.cast import Cast
from tests.channels.smtp.wire import MAIL, Wire, received, stored
from tests.conftest import as_owner


def test_a_mail_that_was_answered_250_is_stored_byte_for_byte(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        reply = wire.send(committed_cast.service_address)

    [row] = received(committed_cast)
    answer, _, id = reply.rpartition(" ")
    assert answer == "250 2.0.0 Ok"
    content = store.get(row.company_id, row.content_key)
    assert f"id {id}".encode() in content.partition(MAIL)[0]  # both logs can be laid side by side
    assert (row.company_id, row.team_id) == (committed_cast.dealer.id, committed_cast.service.id)
    assert (row.channel, row.mail_from) == ("smtp", "carla@customer.example")
    assert row.rcpt_to == [committed_cast.service_address]
    assert (row.state, row.outcome) == (ReceivedMessage.State.WAITING, "")
    assert stored(row) == MAIL
    assert row.size == len(store.get(row.company_id, row.content_key))


def test_the_trace_line_names_the_peer_the_protocol_and_a_single_recipient(
    port: int, committed_cast: Cast
) -> None:
    with Wire(port) as wire:
        wire.send(committed_cast.service_address)

    [row] = received(committed_cast)
    line = store.get(row.company_id, row.content_key).removesuffix(MAIL).decode("ascii")
    assert re.fullmatch(
        r"Received: from client\.example \(\[127\.0\.0\.1\]\)\r\n"
        r"\tby inbox\.example \(EmailHub\) with ESMTP id [0-9a-f]{16}\r\n"
        r"\tfor <service\.dealer@inbox\.example>;\r\n"
        r"\t\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r\n",
        line,
    )


def test_the_trace_line_of_several_recipients_names_none_of_them(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        wire.send(committed_cast.service_address, committed_cast.parts_address)

    for row in received(committed_cast):
        head = store.get(row.company_id, row.content_key).removesuffix(MAIL)
        assert b"parts" not in head
        assert b"service" not in head


def test_a_hostile_greeting_adds_no_header(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        wire.say("EHLO x\rBcc: mallory@evil.example é\x00")
        wire.say("MAIL FROM:<carla@customer.example>")
        wire.say(f"RCPT TO:<{committed_cast.service_address}>")
        wire.say("DATA")
        wire.write(MAIL + b".\r\n")
        assert wire.reply().startswith("250")

    [row] = received(committed_cast)
    assert store.get(row.company_id, row.content_key).startswith(
        b"Received: from x?Bcc:?mallory@evil.example?"
    )


def test_one_mail_to_two_teams_is_two_deliveries_in_one_commit(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        reply = wire.send(committed_cast.service_address, committed_cast.parts_address)

    rows = received(committed_cast)
    assert {row.team_id for row in rows} == {committed_cast.service.id, committed_cast.parts.id}
    assert len(rows) == 2
    assert reply.startswith("250 2.0.0 Ok ")


def test_one_mail_to_two_companies_is_stored_in_each(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        wire.send(committed_cast.service_address, committed_cast.office_address)

    assert len(received(committed_cast)) == 1
    with company(committed_cast.farm.id):
        [row] = ReceivedMessage.objects.all()
    assert stored(row) == MAIL


def test_an_unknown_recipient_is_refused_at_rcpt_and_the_others_get_the_mail(
    port: int, committed_cast: Cast
) -> None:
    with Wire(port) as wire:
        wire.say("EHLO client.example")
        wire.say("MAIL FROM:<carla@customer.example>")
        assert wire.say("RCPT TO:<nobody.dealer@inbox.example>").startswith("550 5.1.1 ")
        assert wire.say("DATA").startswith("503 5.5.1 ")
        assert wire.say(f"RCPT TO:<{committed_cast.service_address}>").startswith("250 2.1.5 ")
        assert wire.say("DATA").startswith("354")
        wire.write(MAIL + b".\r\n")
        assert wire.reply().startswith("250 2.0.0 ")

    [row] = received(committed_cast)
    assert row.rcpt_to == [committed_cast.service_address]


@pytest.mark.parametrize(
    "path",
    [
        "<mallory@evil.example>",
        "<service.dealer@evil.example>",
        "<mallory%evil.example@inbox.example>",
        "<evil.example!mallory@inbox.example>",
        '<"mallory@evil.example"@inbox.example>',
        "<@inbox.example:mallory@evil.example>",
        "<mallory@evil.example@inbox.example>",
        "<mallory@[127.0.0.1]>",
        "<bounces+0123456789abcdef@inbox.example>",
        "<mallory>",
        "<@>",
        "<>",
    ],
)
def test_nothing_is_relayed(port: int, path: str) -> None:
    with Wire(port) as wire:
        wire.say("EHLO client.example")
        wire.say("MAIL FROM:<carla@customer.example>")
        assert wire.say(f"RCPT TO:{path}")[:4] in ("550 ", "553 ", "501 ")
        assert wire.say("DATA").startswith("503")


@pytest.mark.parametrize(
    "path", ["<carla", "carla>", "<a b@c.example>", "<a@b.example> SIZE", "<\xff\x01@b>"]
)
def test_a_malformed_sender_is_refused_and_the_session_goes_on(
    port: int, path: str, committed_cast: Cast
) -> None:
    with Wire(port) as wire:
        wire.say("EHLO client.example")
        reply = wire.say(f"MAIL FROM:{path}")
        assert reply[:3] in ("501", "553", "250")
        wire.say("RSET")
        assert wire.send(committed_cast.service_address).startswith("250")


@pytest.mark.parametrize(
    "recipient",
    [
        "SERVICE.Dealer@Inbox.EXAMPLE",
        "service.dealer+order-17@inbox.example",
        "postmaster@inbox.example",
        "Postmaster",
        "abuse@inbox.example",
        "@relay.example:service.dealer@inbox.example",
    ],
)
def test_every_form_of_our_addresses_is_accepted(port: int, recipient: str) -> None:
    with Wire(port) as wire:
        assert wire.send(recipient).startswith("250 2.0.0 ")


def test_the_operators_mail_belongs_to_no_company(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        wire.send("postmaster@inbox.example")

    with as_owner() as connection:
        [row] = connection.execute(
            "SELECT company_id, team_id, content_key FROM intake_receivedmessage"
        ).fetchall()
    assert row[:2] == (None, None)
    assert store.get(None, str(row[2])).endswith(MAIL)


def test_a_report_to_our_return_path_is_accepted_with_the_null_sender(
    port: int, committed_cast: Cast
) -> None:
    now = timezone.now()
    with company(committed_cast.dealer.id):
        outgoing = enqueue(
            company_id=committed_cast.dealer.id,
            channel="smtp",
            message_id="1@inbox.example",
            content=MAIL,
            recipients=["jon@workshop.example"],
            due_at=now,
            now=now,
        )
    with Wire(port) as wire:
        assert wire.send(outgoing.mail_from, sender="").startswith("250")

    [row] = received(committed_cast)
    assert (row.team_id, row.mail_from, row.rcpt_to) == (None, "", [outgoing.mail_from])


def test_a_sender_outside_ascii_is_accepted_by_smtputf8(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        assert "250-SMTPUTF8" in wire.say("EHLO client.example")
        assert wire.say("MAIL FROM:<josé@correo.example> BODY=8BITMIME SMTPUTF8").startswith("250")
        wire.say(f"RCPT TO:<{committed_cast.service_address}>")
        wire.say("DATA")
        wire.write("Subject: ñ\r\n\r\nñ\r\n.\r\n".encode())
        assert wire.reply().startswith("250")

    [row] = received(committed_cast)
    assert row.mail_from == "josé@correo.example"


def test_the_hundred_and_first_recipient_is_asked_to_come_later(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        wire.say("EHLO client.example")
        wire.say("MAIL FROM:<carla@customer.example>")
        for number in range(100):
            assert wire.say(f"RCPT TO:<service.dealer+{number}@inbox.example>").startswith("250")
        assert wire.say("RCPT TO:<service.dealer+100@inbox.example>").startswith("452 4.5.3 ")
        wire.say("DATA")
        wire.write(MAIL + b".\r\n")
        assert wire.reply().startswith("250")

    [row] = received(committed_cast)
    assert len(row.rcpt_to) == 100


def test_fifty_hops_pass_and_fifty_one_are_a_loop(port: int, committed_cast: Cast) -> None:
    hop = b"Received: from a by b; Tue, 1 Sep 2026 10:00:00 +0000\r\n"
    body_does_not_count = b"\r\n" + hop * 100
    with Wire(port) as wire:
        assert (
            wire.send(committed_cast.service_address, content=hop * 50 + MAIL + body_does_not_count)[:3]
            == "250"
        )
        assert wire.send(committed_cast.service_address, content=hop * 51 + MAIL).startswith("554 5.4.6 ")

    assert len(received(committed_cast)) == 1


def test_nobody_learns_who_is_here_by_vrfy_or_expn_and_nobody_logs_in(port: int) -> None:
    with Wire(port) as wire:
        offers = wire.say("EHLO client.example")
        assert "AUTH" not in offers
        known, unknown = wire.say("VRFY service.dealer@inbox.example"), wire.say("VRFY nobody@inbox.example")
        assert known == unknown
        assert known.startswith("252 2.5.2 ")
        assert wire.say("EXPN service").startswith("502")
        assert wire.say("AUTH PLAIN AGEAYg==").startswith("502")


def test_commands_may_be_sent_ahead_and_all_are_answered_in_order(port: int, committed_cast: Cast) -> None:
    """RFC 2920: also those behind a mail, of which none may be taken for its content."""
    recipient = committed_cast.service_address.encode()
    with Wire(port) as wire:
        assert "250-PIPELINING" in wire.say("EHLO client.example")
        envelope = b"MAIL FROM:<a@farm.example>\r\nRCPT TO:<" + recipient + b">\r\nDATA\r\n"
        wire.write(envelope + b"one\r\n.\r\n" + envelope + b"two\r\n.\r\n" + b"QUIT\r\n")
        codes = [wire.reply()[:3] for _ in range(9)]

    assert codes == ["250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert [stored(row) for row in received(committed_cast)] == [b"one\r\n", b"two\r\n"]


def test_lmtp_answers_for_each_recipient(listener: object, committed_cast: Cast) -> None:
    with Wire(listener.lmtp_port) as wire:  # type: ignore[attr-defined]
        assert wire.say("EHLO client.example").startswith("500")
        assert wire.say("HELO client.example").startswith("500")
        assert wire.say("LHLO client.example").startswith("250")
        wire.say("MAIL FROM:<carla@customer.example>")
        recipients = [committed_cast.service_address, "nobody@inbox.example", committed_cast.parts_address]
        codes = [wire.say(f"RCPT TO:<{recipient}>")[:3] for recipient in recipients]
        assert codes == ["250", "550", "250"]
        wire.say("DATA")
        wire.write(MAIL + b".\r\n")
        assert [wire.reply()[:9] for _ in range(2)] == ["250 2.0.0"] * 2
        assert wire.say("NOOP").startswith("250")  # and no third reply

    assert len(received(committed_cast)) == 2
    head = store.get(committed_cast.dealer.id, received(committed_cast)[0].content_key)[:200]
    assert b"with LMTP id" in head

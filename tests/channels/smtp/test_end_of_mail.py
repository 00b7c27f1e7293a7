"""A mail ends at CRLF.CRLF and nowhere else (CVE-2023-51764 and its relatives: SMTP smuggling)."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.channels.smtp.wire import MAIL, Wire, received, stored

# Ends of data that some server, somewhere, has taken for one.
FALSE_ENDS = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r.\r",
    b"\r.\r\n",
    b"\r\n.\r",
    b"\r.\n",
    b"\n.\r",
    b"\r\n\x00.\r\n",
    b"\r\n.\x00\r\n",
    b"\r\n.\r\r\n",
]
SMUGGLED = (
    b"MAIL FROM:<boss@dealer.example>\r\nRCPT TO:<service.dealer@inbox.example>\r\nDATA\r\n"
    b"From: boss@dealer.example\r\n\r\nPay this.\r\n"
)


@pytest.mark.parametrize("false_end", FALSE_ENDS)
def test_nothing_is_smuggled_behind_a_false_end(port: int, committed_cast: Cast, false_end: bytes) -> None:
    content = MAIL + b"before" + false_end + SMUGGLED
    with Wire(port) as wire:
        wire.open_mail(committed_cast.service_address)
        wire.write(content + b".\r\n")
        assert wire.reply().startswith("250")
        assert wire.say("NOOP").startswith("250")  # the next reply, not that of a second mail

    [row] = received(committed_cast)
    unstuffed = content.replace(b"\r\n.", b"\r\n")  # a leading dot is the client's to double
    assert stored(row) == unstuffed


DOTTED = [
    b"",
    b"\r\n",
    b".\r\n",
    b"..\r\n",
    b"a\r\n.\r\nb\r\n",
    b"\r\n.\r\n.\r\n",
    b".hidden\r\n\r\n.\r\n",
    b"\n.\n\r\n",
]


@pytest.mark.parametrize("content", DOTTED)
def test_dots_at_the_beginning_of_lines_arrive_as_they_were_sent(
    port: int, committed_cast: Cast, content: bytes
) -> None:
    with Wire(port) as wire:
        assert wire.send(committed_cast.service_address, content=content).startswith("250")

    [row] = received(committed_cast)
    assert stored(row) == content


def test_a_mail_that_trickles_in_byte_by_byte_is_the_same_mail(port: int, committed_cast: Cast) -> None:
    content = b"Subject: x\r\n\r\n.dot\r\n\r\n..\r\nend\r\n"
    with Wire(port) as wire:
        wire.open_mail(committed_cast.service_address)
        for byte in (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n":
            wire.write(bytes([byte]))
        assert wire.reply().startswith("250")

    [row] = received(committed_cast)
    assert stored(row) == content


def test_the_end_is_found_wherever_the_network_cuts_the_mail(port: int, committed_cast: Cast) -> None:
    """The end lies across the border of two reads, one octet further each time."""
    with Wire(port) as wire:
        for cut in range(1, 6):
            wire.open_mail(committed_cast.service_address)
            wire.write(b"x" * 70_000 + b"\r\n.\r\n"[:cut])
            wire.write(b"\r\n.\r\n"[cut:])
            assert wire.reply().startswith("250")

    assert [len(stored(row)) for row in received(committed_cast)] == [70_002] * 5

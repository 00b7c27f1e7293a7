"""Mailboxes in one file, as programs write them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emailhub.mail.mbox import find_mails, is_mbox, mail_at

SEPARATOR = b"From carla@customer.example Mon Nov 23 09:00:00 2026\n"
PUMP = b"Subject: The pump leaks\n\nAgain.\n"
BRAKES = b"Subject: Brakes\n\nThey squeal.\n"


def mails(content: bytes) -> list[bytes]:
    file = io.BytesIO(content)
    return [mail_at(file, start, end) for start, end in list(find_mails(file))]


def mbox(*contents: bytes, separator: bytes = SEPARATOR) -> bytes:
    return b"".join(separator + content + b"\n" for content in contents)


def test_each_mail_comes_out_as_it_went_in() -> None:
    assert mails(mbox(PUMP, BRAKES)) == [PUMP, BRAKES]


def test_lines_may_end_in_crlf() -> None:
    assert mails(mbox(PUMP, BRAKES).replace(b"\n", b"\r\n")) == [
        PUMP.replace(b"\n", b"\r\n"),
        BRAKES.replace(b"\n", b"\r\n"),
    ]


@pytest.mark.parametrize(
    "separator",
    [
        b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n",
        b"From - Tue Nov 24 07:57:30 2026\n",
        b"From 1779023453220212345@xxx Mon Nov 23 09:00:00 +0000 2026\n",
        b"From carla@customer.example  Mon Nov 23 09:00 2026\n",
    ],
)
def test_separators_of_other_programs_are_read(separator: bytes) -> None:
    assert is_mbox(separator + PUMP)
    assert mails(mbox(PUMP, BRAKES, separator=separator)) == [PUMP, BRAKES]


def test_a_sentence_that_begins_with_from_ends_no_mail() -> None:
    told = b"Subject: Plan\n\nWe start here.\n\nFrom Monday on we open at 9:00.\n"
    assert mails(mbox(told, BRAKES)) == [told, BRAKES]


def test_quoted_lines_lose_one_mark() -> None:
    quoted = mbox(b"Subject: Old\n\n>From me to you\n>>From them\n> From elsewhere\n")
    assert mails(quoted) == [b"Subject: Old\n\nFrom me to you\n>From them\n> From elsewhere\n"]


def test_a_single_mail_is_no_mbox() -> None:
    assert not is_mbox(b"From: carla@customer.example\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n")
    assert mails(PUMP) == []


def test_a_line_without_end_is_read_in_pieces() -> None:
    long = b"Subject: Long\n\n" + b"x" * 3_000_000 + b"\n"
    assert mails(mbox(long, BRAKES)) == [long, BRAKES]


@given(st.lists(st.binary(max_size=200).filter(lambda body: b"From " not in body), max_size=5))
def test_any_bytes_come_back(bodies: list[bytes]) -> None:
    contents = [b"Subject: x\n\n" + body + b"\n" for body in bodies]
    found = mails(mbox(*contents))
    assert [content.rstrip() for content in found] == [content.rstrip() for content in contents]


@given(st.binary(max_size=400))
def test_whatever_it_is_nothing_is_raised_and_no_octet_is_in_two_mails(content: bytes) -> None:
    places = list(find_mails(io.BytesIO(content)))
    edges = [edge for place in places for edge in place]
    assert edges == sorted(edges)

"""Mail made to cost time or memory. Times are of the processor."""

from __future__ import annotations

import importlib
import inspect
import re
import time
from collections import deque
from itertools import product
from typing import Any

import pytest

from emailhub.mail import Message, base_subject, parse
from emailhub.mail.forwards import forwarded_block

HEAD = b"From: a@farm.example\r\nTo: service@dealer.example\r\nSubject: bomb\r\n"
MODULES = """addresses attributions automatic bodies charsets dates dom filenames flowed forwards headers
    history linkify parse plain_text report_texts reports senders signatures storable structure subjects
    threading trim_html uuencode authenticity.results authenticity.signatures authenticity.spf
    authenticity.spf_macros"""
_WORTH_A_LOOK = 0.005  # seconds of the processor: what takes less on 20,000 characters is quick enough


def parse_within(seconds: float, content: bytes) -> Message:
    start = time.process_time()
    message = parse(content)
    assert time.process_time() - start < seconds
    return message


def nested(depth: int, *, same_boundary: bool = False) -> bytes:
    names = [b"b" if same_boundary else b"b%d" % level for level in range(depth)]
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=%s\n\n--%s\n" % (name, name) for name in names
    )
    return HEAD + opened + b"Content-Type: text/plain\n\ndeep\n"


@pytest.mark.parametrize("depth", [40, 50, 51, 100, 300, 1_000, 10_000])
@pytest.mark.parametrize("same_boundary", [False, True])
def test_nesting_costs_little_and_loses_nothing(depth: int, same_boundary: bool) -> None:
    message = parse_within(2, nested(depth, same_boundary=same_boundary))
    kept = message.text + "".join(attachment.content.decode() for attachment in message.attachments)
    assert "deep" in kept
    assert ("nested too deeply" in message.defects) == (depth > 50 and not same_boundary)


def test_mail_within_mail_is_not_opened() -> None:
    message = parse_within(1, HEAD + b"Content-Type: message/rfc822\n\n" * 10_000 + b"deep\n")
    assert [attachment.content_type for attachment in message.attachments] == ["message/rfc822"]


def test_a_hundred_thousand_parts_are_cut_at_a_thousand() -> None:
    content = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000 + b"--b--\n"
    message = parse_within(3, content)
    assert "too many parts" in message.defects
    assert message.text.count("x") == 999
    assert message.attachments[-1].content.count(b"x") == 100_000 - 999


def test_a_hundred_thousand_header_fields_are_cut_at_a_thousand() -> None:
    message = parse_within(2, HEAD + b"X-Y: z\n" * 100_000 + b"\nbody")
    assert len(message.headers) == 1_000
    assert message.text == "body"
    assert {"too many header fields", "header block too long"} & set(message.defects)


def test_a_header_of_a_megabyte_does_not_hide_the_body() -> None:
    message = parse_within(2, HEAD + b"X-Y: " + b"z" * 1_000_000 + b"\n\nbody")
    assert (message.subject, message.text) == ("bomb", "body")
    assert "header block too long" in message.defects


def test_twenty_thousand_encoded_words_make_a_subject() -> None:
    message = parse_within(2, b"Subject: " + b"=?utf-8?b?4pyT?=\n " * 20_000 + b"\n\nx")
    assert set(message.subject) == {"✓"} and len(message.subject) <= 998


def test_twenty_thousand_recipients_are_cut_at_five_hundred() -> None:
    message = parse_within(
        3, HEAD + b"Cc: " + b", ".join(b"u%d@x.example" % n for n in range(20_000)) + b"\n\nx"
    )
    assert len(message.cc) == 500


def test_five_thousand_sections_of_a_parameter_are_read() -> None:
    sections = b"; ".join(b"name*%d*=%%41" % n for n in range(5_000))
    parse_within(2, HEAD + b"Content-Type: application/pdf; " + sections + b"\n\nx")


def test_of_fifty_thousand_references_a_hundred_are_kept() -> None:
    message = parse_within(
        2, HEAD + b"References: " + b" ".join(b"<%d@x>" % n for n in range(50_000)) + b"\n\nx"
    )
    assert len(message.references) == 100


def test_nested_comments_make_the_sender_unreadable() -> None:
    message = parse_within(1, b"From: " + b"(" * 1_000 + b")" * 999 + b" a@farm.example\n\nx")
    assert message.sender is None


FIELDS = """From To Reply-To Subject Date Message-ID In-Reply-To References Content-Type Content-Disposition
    Content-ID Content-Location Content-Transfer-Encoding Auto-Submitted X-Failed-Recipients"""
REPEATED = [
    '"',
    '"\\',
    '\\"',
    ",",
    ";",
    "(",
    ")",
    "<",
    ">",
    'a<"',
    ";a=",
    ";a*1*=",
    "=?",
    "=?u?q?",
    "@",
    "@:",
    ":",
    "a",
    " ",
    "]",
]


@pytest.mark.parametrize("field", FIELDS.split())
def test_no_field_costs_more_than_its_length(field: str) -> None:
    for repeated in REPEATED:
        value = (repeated * 32_000)[:32_000].encode()
        head = b"" if field == "From" else HEAD
        parse_within(1, head + field.encode() + b": " + value + b"\n\nbody")


@pytest.mark.parametrize(
    ("encoding", "repeated", "times"),
    [
        ("base64", b"QUJD\n", 1_000_000),
        ("base64", b"=*Q\n", 1_000_000),
        ("quoted-printable", b"=\n", 2_000_000),
        ("quoted-printable", b"=41", 1_500_000),
        ("x-uuencode", b"begin 644 a\n", 300_000),
    ],
)
def test_five_megabytes_of_the_worst_encodings(encoding: str, repeated: bytes, times: int) -> None:
    parse_within(4, HEAD + f"Content-Transfer-Encoding: {encoding}\n\n".encode() + repeated * times)


@pytest.mark.parametrize(
    ("content_type", "repeated", "times"),
    [
        ("text/plain; format=flowed", b"> a \n", 400_000),
        ("text/plain; charset=iso-2022-jp", b"\x1b$B\xff", 500_000),
        ("text/html", b"<meta ", 100_000),
        ("multipart/mixed; boundary=b", b"--\n", 1_000_000),
        ("multipart/mixed; boundary=b", b"--bb\n", 1_000_000),
        (
            "multipart/report; boundary=b",
            b"--b\nContent-Type: message/delivery-status\n\n" + b"a:b\n\n",
            10_000,
        ),
    ],
)
def test_bodies_made_for_the_reader(content_type: str, repeated: bytes, times: int) -> None:
    parse_within(4, HEAD + f"Content-Type: {content_type}\n\n".encode() + repeated * times)


def test_a_thousand_files_of_one_name_are_told_apart() -> None:
    part = b"--b\nContent-Disposition: attachment; filename=a.pdf\n\nx\n"
    message = parse_within(
        3, HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + part * 999 + b"--b--\n"
    )
    assert len({attachment.filename for attachment in message.attachments}) == 999


def patterns() -> dict[str, tuple[re.Pattern[Any], set[str]]]:
    """Every compiled pattern of the reading modules, with the methods by which they use it."""
    found = {}
    for name in MODULES.split():
        module = importlib.import_module(f"emailhub.mail.{name}")
        source = inspect.getsource(module)
        for key, value in vars(module).items():
            if isinstance(value, re.Pattern):
                found[f"{name}.{key}"] = value, set(re.findall(rf"\b{key}\.(\w+)\(", source))
    return found


_BLACK_BOMBS = """] > ( a - =? =?u?q? " \\ "\\ < <a cid: src= From: de: re: re[ [#1 1.1. 550 a@ * _ é ;"""
_SPACED_BOMBS = [
    "On 1 ",
    "schrieb ",
    "v=1 ",
    "from: a ",
    "sent ",
    "--",
    "-----x",
    "begin 644 a\n!x\n",
    " ",
    "\t",
    "\n",
    "\n>",
    "\x1b$B",
    "<meta ",
    "begin 644 ",
    "<a@b>:\n",
    "From: a ",
]
REGEX_BOMBS = [*_BLACK_BOMBS.split(), *_SPACED_BOMBS]


@pytest.mark.parametrize("name", patterns())
def test_no_pattern_is_slow_on_any_bomb(name: str) -> None:
    pattern, methods = patterns()[name]
    for bomb, tail in product(REGEX_BOMBS, ["", "x"]):
        for method in methods or {"finditer"}:
            large = _cost(pattern, method, bomb, tail, 20_000)
            if large > _WORTH_A_LOOK:  # four times the text: four times the work, and not sixteen
                small = _cost(pattern, method, bomb, tail, 5_000)
                assert large / small < 9, (method, bomb, tail)


def _cost(pattern: re.Pattern[Any], method: str, bomb: str, tail: str, size: int) -> float:
    """The least time of three, for so many characters."""
    text = (bomb * size)[:size] + tail
    subject = text.encode() if isinstance(pattern.pattern, bytes) else text
    arguments = [subject[:0], subject] if method == "sub" else [subject]
    costs = []
    for _ in range(3):
        start = time.process_time()
        found = getattr(pattern, method)(*arguments)
        if method == "finditer":
            deque(found, maxlen=0)
        costs.append(time.process_time() - start)
        if costs[-1] <= _WORTH_A_LOOK:
            break
    return min(costs)


def test_patterns_are_found_at_all() -> None:
    assert len(patterns()) > 60


@pytest.mark.parametrize("repeated", ["Re: ", "[#1]", "]", "Re", " ", "re[1]:"])
def test_a_subject_made_of_marks_is_taken_off_at_once(repeated: str) -> None:
    start = time.process_time()
    base_subject(repeated * 20_000)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize("repeated", ["From: a@x.example\n", "> ", "\n", "From: ", "a@", "Subject: x\n"])
def test_a_text_made_of_blocks_is_searched_at_once(repeated: str) -> None:
    start = time.process_time()
    forwarded_block(repeated * 50_000)
    assert time.process_time() - start < 1

"""Mails of the collection, damaged: the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from tests.mail.messages import NAMES, raw

_TOKENS = (
    b"\x00", b"\r", b"\n\n", b"\xff\xfe", b"=?utf-8?B?", b"?=", b"--", b"boundary=", b'"', b"cid:",
    b"Content-Type: multipart/mixed", b"Content-Type: message/rfc822\n\n", b"charset=utf-7", b"charset=''",
    b"<blockquote", b"</div>" * 50, b"<" * 200, b"> " * 100, b"begin 644 a\n", b"\x1b$B", b"%00", b"=\n",
    b"\xe2\x80\xae", b"From: a@b, c@d\n", b"BEGIN:VCALENDAR\n", b"Status: 5.1.1\n", b"filename*0*=",
    b"(" * 300, b";a=" * 50, b"\xed\xa0\x80", b"x" * 5_000, b"&#1;", b"\x0b",
)  # fmt: skip
Damage = Callable[[random.Random, bytes], bytes]


def mutants(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield mutants of the mails in turn, each with its mail's name."""
    chance = random.Random(seed)
    for number in range(count):
        name = NAMES[number % len(NAMES)]
        content = raw(name)
        for _ in range(chance.choice((1, 1, 2, 3, 8))):
            content = chance.choice(_DAMAGES)(chance, content)
        yield name, content


def _span(chance: random.Random, content: bytes, most: int = 400) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.randrange(1, most))


def _overwrite(chance: random.Random, content: bytes) -> bytes:
    start, end = _span(chance, content, 8)
    return content[:start] + chance.randbytes(end - start) + content[end:]


def _leave_out(chance: random.Random, content: bytes) -> bytes:
    start, end = _span(chance, content)
    return content[:start] + content[end:]


def _repeat(chance: random.Random, content: bytes) -> bytes:
    start, end = _span(chance, content)
    return content[:end] + content[start:end] * chance.choice((1, 2, 50)) + content[end:]


def _insert(chance: random.Random, content: bytes) -> bytes:
    start, _ = _span(chance, content)
    return content[:start] + chance.choice(_TOKENS) + content[start:]


def _cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _splice(chance: random.Random, content: bytes) -> bytes:
    other = raw(chance.choice(NAMES))
    return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]


def _shuffle_lines(chance: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    start = chance.randrange(len(lines))
    part = lines[start : start + 10]
    chance.shuffle(part)
    return b"\n".join(lines[:start] + part + lines[start + 10 :])


def _change_line_ends(chance: random.Random, content: bytes) -> bytes:
    return content.replace(b"\r\n", chance.choice((b"\n", b"\r", b"\r\r\n", b"\n\r")))


_DAMAGES: tuple[Damage, ...] = (
    _overwrite, _leave_out, _repeat, _insert, _insert, _cut, _splice, _shuffle_lines, _change_line_ends,
)  # fmt: skip

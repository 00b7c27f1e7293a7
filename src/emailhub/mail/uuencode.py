"""Files within a text, as mail carried them before MIME, and as Outlook still sends them: begin ... end."""

from __future__ import annotations

import binascii
import re

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]*)\r?\n", re.M)
# No line of it holds a small letter, so a search that fails ends at the next "begin": linear.
_FILE = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,250})\r?\n((?:[!-`][ -`]{1,84}\r?\n){1,400000})"
    rb"(?:[ `]?\r?\n)?end[ \t]*(?:\r?\n|\Z)",
    re.M,
)


def decode(raw: bytes) -> bytes:
    """Return the file in `raw`, or `raw` itself where none begins."""
    begin = _BEGIN.search(raw)
    return _lines(raw[begin.end() :]) if begin else raw


def take_out(text: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Return the text without the files in it, and each file with its name. Talk about "begin 644" stays."""
    if b"\nend" not in text or b"begin " not in text:
        return text, []
    files = [(found[1].decode("utf-8", "replace"), _lines(found[2])) for found in _FILE.finditer(text)]
    return (_FILE.sub(b"", text), files) if files else (text, [])


def _lines(encoded: bytes) -> bytes:
    decoded = bytearray()
    for line in encoded.splitlines():
        if line.strip() == b"end":
            break
        decoded += _line(line)
    return bytes(decoded)


def _line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # a space lost at the end of the line, or junk after it
        length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
    try:
        return binascii.a2b_uu(line[:length])
    except binascii.Error:
        return b""

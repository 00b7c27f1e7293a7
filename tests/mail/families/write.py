"""A family's mail as bytes, and as a row of what must be read from it."""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Made:
    """One mail: `expected` has the keys that tests/mail/test_collection.py knows."""

    name: str
    raw: bytes
    expected: dict[str, object] = field(default_factory=dict)


def header(
    *, subject: str, sender: str = "Carla Campos <carla@farm.example>", name: str, **more: str
) -> bytes:
    fields = {
        "Date": "Mon, 23 Nov 2026 11:30:00 +0100",
        "From": sender,
        "To": "service@dealer.example",
        "Subject": encoded(subject),
        "Message-ID": f"<{name}@farm.example>",
        "MIME-Version": "1.0",
    } | {key.replace("_", "-"): value for key, value in more.items()}
    return "".join(f"{key}: {value}\r\n" for key, value in fields.items() if value).encode()


def encoded(text: str) -> str:
    """An encoded word where one is needed (RFC 2047), in base64 as most programs write it."""
    if text.isascii():
        return text
    return f"=?UTF-8?B?{base64.b64encode(text.encode()).decode()}?="


def part(
    content: str, content_type: str, *, charset: str = "utf-8", encoding: str = "quoted-printable"
) -> bytes:
    """A text part with its header."""
    raw = content.encode(charset)
    head = (
        f'Content-Type: {content_type}; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    )
    return head.encode() + transfer(raw, encoding)


def transfer(raw: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(raw).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return raw


def multipart(kind: str, *parts: bytes, boundary: str = "=_part_1f2e3d", parameters: str = "") -> bytes:
    lines = [f'Content-Type: multipart/{kind}; boundary="{boundary}"{parameters}\r\n\r\n'.encode()]
    lines += [f"--{boundary}\r\n".encode() + each.rstrip(b"\r\n") + b"\r\n" for each in parts]
    return b"".join([*lines, f"--{boundary}--\r\n".encode()])

"""The trace that a mail carries: the line that we add, and the hops that it has behind it."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime

_HOP = re.compile(rb"^received[ \t]*:", re.I | re.M)
_BEYOND_PRINTABLE = re.compile(r"[^!-~]")
_HEADER_LIMIT = 1024 * 1024


def hops(content: bytes) -> int:
    """How many Received lines stand in the header."""
    end = min(
        (at for at in (content.find(b"\r\n\r\n"), content.find(b"\n\n")) if at >= 0), default=len(content)
    )
    return len(_HOP.findall(content[: min(end, _HEADER_LIMIT)]))


def received(
    *,
    helo: str,
    peer: str,
    by: str,
    protocol: str,
    id: str,
    recipients: list[str],
    at: datetime,
    server: str = "",
) -> bytes:
    """The time stamp line of RFC 5321 4.4, folded. A single recipient is named, several never are.

    `server` is the trusted one that handed the mail on and told who `peer` is. intake.verdict reads the line.
    """
    named = f"\r\n\tfor <{_BEYOND_PRINTABLE.sub('?', recipients[0])}>" if len(recipients) == 1 else ""
    literal = f"IPv6:{peer}" if ":" in peer else peer
    return (
        f"Received: from {_BEYOND_PRINTABLE.sub('?', helo)[:255]} ([{literal}])\r\n"
        f"\tby {by} (EmailHub{f', from {server}' if server else ''}) with {protocol} id {id}{named};\r\n"
        f"\t{format_datetime(at)}\r\n"
    ).encode("ascii")

"""The paths of MAIL FROM and RCPT TO (RFC 5321 4.1.2), read in one pass whatever stands in them."""

from __future__ import annotations

import re

from emailhub.mail.addresses import normal_address

NULL_PATH = "<>"  # as aiosmtpd keeps the null reverse-path
_PATH = re.compile(r'<((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(?:[ \t]+(.*))?\Z|([^\s<>]+)(?:[ \t]+(.*))?\Z', re.S)
_SOURCE_ROUTE = re.compile(r"@[^:\s]+:")
_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LIMIT = 320


def split_path(text: str) -> tuple[str, str] | None:
    """Split a path from the parameters behind it. None if it is malformed.

    A source route is dropped (RFC 5321 4.1.1.3), angle brackets may be missing, `<>` stays `<>`.
    """
    match = _PATH.match(text.strip())
    if not match:
        return None
    mailbox = (match[1] if match[1] is not None else match[3] or "").strip()
    if route := _SOURCE_ROUTE.match(mailbox):
        mailbox = mailbox[route.end() :]
    if _UNSTORABLE.search(mailbox) or len(mailbox) > _LIMIT:
        return None
    return mailbox or NULL_PATH, match[2] or match[4] or ""


def recipient(path: str, domain: str) -> str:
    """The normal form of a forward-path, "" if it is none. A bare <Postmaster> is ours (RFC 5321 4.5.1)."""
    if path.lower() == "postmaster":
        return f"postmaster@{domain}"
    return normal_address(path)

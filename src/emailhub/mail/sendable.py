"""Which addresses we can write to."""

from __future__ import annotations

import re

# RFC 5321 4.1.2 without quoted strings and address literals: nobody writes to customers by those.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")


def is_sendable(address: str) -> bool:
    """Whether an address in normal form can be sent to by any server: ASCII, a domain with a dot.

    Lengths are those of RFC 5321 4.5.3.1: 64 octets before the @, 254 in all.
    """
    local, _, _ = address.partition("@")
    return len(local) <= 64 and len(address) <= 254 and _ADDRESS.fullmatch(address) is not None

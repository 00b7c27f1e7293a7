"""The macros of SPF records (RFC 7208 7), as in "%{ir}.%{v}._spf.%{d}"."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote

_MACRO = re.compile(r"%(?:\{([slodiphcrtv])(\d{0,3})(r?)([-.+,/_=]*)\}|([%_-]))", re.I)
_ESCAPES = {"%": "%", "_": " ", "-": "%20"}
_MOST_OCTETS = 253


def expand(
    spec: str,
    *,
    sender: str,
    domain: str,
    helo: str,
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> str | None:
    """Return a domain-spec with its macros replaced, None where its syntax is wrong.

    A name that is too long loses labels from its left (7.3). `p` costs look-ups and should not be used (7.2);
    it is "unknown", as for an address that has no name.
    """
    local_part, _, sender_domain = sender.rpartition("@")
    values = {
        "s": sender,
        "l": local_part,
        "o": sender_domain,
        "d": domain,
        "i": _dotted(address),
        "p": "unknown",
        "h": helo,
        "v": "in-addr" if address.version == 4 else "ip6",
    }
    if "%" in _MACRO.sub("", spec):
        return None
    name = _MACRO.sub(lambda macro: _value(macro, values), spec)
    while len(name) > _MOST_OCTETS and "." in name:
        name = name.partition(".")[2]
    return name


def _value(macro: re.Match[str], values: dict[str, str]) -> str:
    letter, digits, reverse, delimiters, escape = macro.groups()
    if escape:
        return _ESCAPES[escape]
    text = values.get(letter.lower(), "unknown")
    parts = re.split("[" + re.escape(delimiters or ".") + "]", text)
    if reverse:
        parts.reverse()
    if digits and int(digits):
        parts = parts[-int(digits) :]
    text = ".".join(parts)
    return quote(text, safe="") if letter.isupper() else text


def _dotted(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    return str(address) if address.version == 4 else ".".join(address.exploded.replace(":", ""))

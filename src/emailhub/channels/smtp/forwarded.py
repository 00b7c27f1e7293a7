"""What a trusted server in front of us says of its client: XCLIENT and XFORWARD, as Postfix has them."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

ATTRIBUTES = "NAME ADDR PORT PROTO HELO"
_XTEXT = re.compile(r"\+([0-9A-F]{2})")  # RFC 1891 5, as RFC 3461 4 has it
_UNKNOWN = ("[UNAVAILABLE]", "[TEMPUNAVAIL]")


@dataclass(frozen=True, slots=True)
class Client:
    """Who delivered the mail to the server in front of us; "" where it does not know."""

    address: str = ""
    helo: str = ""

    def updated(self, text: str) -> Client | None:
        """Return what it is after the attributes of one command, None where they cannot be read."""
        client = self
        for word in text.split():
            name, equals, value = word.partition("=")
            if not equals:
                return None
            value = "" if value.upper() in _UNKNOWN else _XTEXT.sub(_octet, value)
            if name.upper() == "ADDR":
                address = _address(value)
                if address is None:
                    return None
                client = Client(address, client.helo)
            elif name.upper() == "HELO":
                client = Client(client.address, value[:255])
        return client


def _octet(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _address(text: str) -> str | None:
    """Return an address as the ipaddress module writes it, "" for an unknown one, None for what is none."""
    if not text:
        return ""
    try:
        return str(ipaddress.ip_address(re.sub(r"\Aipv6:", "", text, flags=re.IGNORECASE)))
    except ValueError:
        return None

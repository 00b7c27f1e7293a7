"""Where a connection may lead that somebody else named: to the public internet, or where the operator allows.

What decides is the address that is connected to, not the name: names change what they mean between two
looks, and there are a hundred ways to write 127.0.0.1. So whoever connects takes the address from here.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_SITE_LOCAL = IPv6Network("fec0::/10")  # given up by RFC 3879, and still routed by some


class ForbiddenAddressError(OSError):
    """The host is none that may be connected to. It passes for one that does not answer."""

    def __init__(self) -> None:
        super().__init__("no connection to this host")


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host that may be connected to, in the system's order.

    Raises ForbiddenAddressError, also for a name that has no address.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise ForbiddenAddressError from error
    addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
    allowed = [address for address in addresses if is_allowed(host, address)]
    if not allowed:
        raise ForbiddenAddressError
    return allowed


def public_address(host: str, port: int) -> str:
    """The first of public_addresses()."""
    return public_addresses(host, port)[0]


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """A connection to the host, at an address that was looked at. Raises OSError."""
    last: OSError = ForbiddenAddressError()
    for address in public_addresses(host, port):
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as error:
            last = error
    raise last


def is_allowed(host: str, address: str) -> bool:
    """Whether this address of this host is public, or named in EMAILHUB_ALLOWED_PRIVATE_HOSTS."""
    number = ip_address(address.partition("%")[0])
    return is_public(number) or any(_names(word, host, number) for word in settings.EGRESS_ALLOWED)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is an address of one machine in the internet, and no other address in disguise."""
    if isinstance(address, IPv6Address):
        if address in _SITE_LOCAL:
            return False
        if inner := _within(address):
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which a translator or a tunnel would take it."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _names(word: str, host: str, address: IPv4Address | IPv6Address) -> bool:
    """Whether a word of the setting (a host's name, an address, a network) means this address."""
    try:
        return address in ip_network(word)
    except ValueError:
        return word.lower() == host.lower().rstrip(".")

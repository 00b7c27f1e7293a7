"""SPF (RFC 7208): may this address send mail for that domain?"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from emailhub.mail.authenticity.lookups import LookupFailedError, Lookups
from emailhub.mail.authenticity.spf_macros import expand

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MOST_LOOKUPS = 10  # RFC 7208 4.6.4
_MOST_VOID = 2
_MOST_EXCHANGERS = 10
_QUALIFIERS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)\Z", re.I | re.S)
_MECHANISM = re.compile(
    r"([-+~?])?(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^\s]+?))?(?:/(\d{1,3}))?(?://(\d{1,3}))?\Z", re.I
)
_NETWORK = re.compile(r"([-+~?])?(ip4|ip6):([0-9a-f:.]{2,45})(?:/(\d{1,3}))?\Z", re.I)
_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+\.?\Z", re.I)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who delivered a mail: the client's address, its HELO name and the reverse-path."""

    peer: str
    helo: str = ""
    mail_from: str = ""  # without angle brackets; "" is the null reverse-path

    @property
    def domain(self) -> str:
        """The domain that SPF is asked about: of the reverse-path, or the HELO name for a null one (2.4)."""
        return (self.mail_from.rpartition("@")[2] if self.mail_from else self.helo).lower().rstrip(".")

    @property
    def sender(self) -> str:
        local_part = self.mail_from.rpartition("@")[0] or "postmaster"
        return f"{local_part}@{self.domain}"


class _PermanentError(Exception):
    """The published records cannot be used (RFC 7208 2.6.7)."""


def check_spf(envelope: Envelope, lookups: Lookups) -> str:
    """Return none, neutral, pass, fail, softfail, temperror or permerror (RFC 7208 2.6)."""
    try:
        address = _address(envelope.peer)
    except ValueError:
        return "none"
    if not _DOMAIN.match(envelope.domain):
        return "none"
    try:
        return _Check(envelope, address, lookups).result(envelope.domain)
    except LookupFailedError:
        return "temperror"
    except _PermanentError:
        return "permerror"


def _address(text: str) -> Address:
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


@dataclass
class _Check:
    envelope: Envelope
    address: Address
    lookups: Lookups
    asked: int = 0
    void: int = 0

    def result(self, domain: str) -> str:
        """check_host() of RFC 7208 4."""
        record = self.record(domain)
        if record is None:
            return "none"
        terms = record.split(" ")[1:]
        modifiers = dict(_modifiers(terms))
        for mechanism in [term for term in terms if term and not _MODIFIER.match(term)]:
            if result := self.mechanism(mechanism, domain):
                return result
        if "redirect" not in modifiers:
            return "neutral"
        self.count()
        result = self.result(self.expanded(modifiers["redirect"], domain))
        if result == "none":
            raise _PermanentError
        return result

    def record(self, domain: str) -> str | None:
        records = [text for text in self.lookups.txt(domain) if re.match(r"v=spf1(?: |\Z)", text, re.I)]
        if len(records) > 1:
            raise _PermanentError
        return records[0] if records else None

    def mechanism(self, term: str, domain: str) -> str:
        """Return the result if this mechanism decides, else ""."""
        if network := _NETWORK.match(term):
            return _QUALIFIERS[network[1] or "+"] if self.is_within(*network.group(2, 3, 4)) else ""
        match = _MECHANISM.match(term)
        if match is None or match[2].lower() in ("ip4", "ip6"):
            raise _PermanentError
        name, spec = match[2].lower(), match[3]
        lengths = _prefix(match[4], 32), _prefix(match[5], 128)
        if name == "all":
            matches = True
        elif name == "include":
            matches = self.includes(self.target(spec, domain, needed=True))
        elif name == "exists":
            matches = self.exists(self.target(spec, domain, needed=True))
        elif name == "ptr":
            matches = self.is_named(self.target(spec, domain))
        else:
            matches = self.is_host(name, self.target(spec, domain), lengths)
        return _QUALIFIERS[match[1] or "+"] if matches else ""

    def target(self, spec: str | None, domain: str, *, needed: bool = False) -> str:
        self.count()
        if spec is None:
            if needed:
                raise _PermanentError
            return domain
        return self.expanded(spec, domain)

    def expanded(self, spec: str, domain: str) -> str:
        envelope = self.envelope
        name = expand(spec, sender=envelope.sender, domain=domain, helo=envelope.helo, address=self.address)
        if name is None:
            raise _PermanentError
        return name

    def includes(self, domain: str) -> bool:
        result = self.result(domain)
        if result == "none":
            raise _PermanentError
        return result == "pass"

    def exists(self, name: str) -> bool:
        return bool(self.answers(self.lookups.addresses(name, version=4)))

    def is_host(self, kind: str, name: str, lengths: tuple[int, int]) -> bool:
        names = [name] if kind == "a" else self.answers(self.lookups.mx(name))
        if len(names) > _MOST_EXCHANGERS:
            raise _PermanentError
        length = lengths[0] if self.address.version == 4 else lengths[1]
        return any(self.is_near(address, length) for host in names for address in self.hosts(host, kind))

    def hosts(self, name: str, kind: str) -> list[str]:
        found = self.lookups.addresses(name.rstrip("."), version=self.address.version)
        return self.answers(found) if kind == "a" else found

    def is_near(self, address: str, length: int) -> bool:
        try:
            return self.address in ipaddress.ip_network(f"{address}/{length}", strict=False)
        except ValueError:
            return False

    def is_within(self, kind: str, network: str, length: str | None) -> bool:
        version = 4 if kind.lower() == "ip4" else 6
        try:
            wanted = ipaddress.ip_network(
                f"{network}/{length or (32 if version == 4 else 128)}", strict=False
            )
        except ValueError as error:
            raise _PermanentError from error
        if wanted.version != version:
            raise _PermanentError
        return wanted.version == self.address.version and self.address in wanted

    def is_named(self, domain: str) -> bool:
        """`ptr`, which nobody should publish (RFC 7208 5.5): an error in it matches nothing."""
        suffix = domain.lower().rstrip(".")
        try:
            names = [name.lower().rstrip(".") for name in self.lookups.ptr(str(self.address))][
                :_MOST_EXCHANGERS
            ]
            near = [name for name in names if name == suffix or name.endswith(f".{suffix}")]
            return any(
                self.is_near(found, self.address.max_prefixlen)
                for name in near
                for found in self.hosts(name, "ptr")
            )
        except LookupFailedError:
            return False

    def count(self) -> None:
        self.asked += 1
        if self.asked > _MOST_LOOKUPS:
            raise _PermanentError

    def answers(self, found: list[str]) -> list[str]:
        """Count an answer without records: more than two are an error (RFC 7208 4.6.4)."""
        if not found:
            self.void += 1
            if self.void > _MOST_VOID:
                raise _PermanentError
        return found


def _modifiers(terms: list[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for term in terms:
        if match := _MODIFIER.match(term):
            name = match[1].lower()
            if name in seen and name in ("redirect", "exp"):
                raise _PermanentError
            seen.add(name)
            yield name, match[2]


def _prefix(text: str | None, most: int) -> int:
    length = int(text) if text else most
    if length > most:
        raise _PermanentError
    return length

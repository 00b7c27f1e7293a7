"""DNS of the mail domain: who takes its mail (MX), who may send for it (SPF), whose its servers are (PTR)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import dns.exception
import dns.resolver
import dns.reversename
from django.conf import settings

from emailhub.cli.check.finding import Finding, failed, ok, warning

_EACH = 3.0  # seconds for one question
_ALL = 15.0  # seconds for all of them
_MOST_HOSTS = 4
# Names that are nobody's (RFC 2606, RFC 6761), and that no public DNS knows.
_NOBODYS = ("example", "test", "invalid", "localhost", "local", "internal", "home.arpa")
Ask = Callable[[str, str], list[str]]


class UnknownError(Exception):
    """There was no answer in time, or the resolver cannot be used: it says nothing about the domain."""


def look() -> Iterator[Finding]:
    domain = settings.MAIL_DOMAIN
    if domain.endswith(tuple(f".{name}" for name in _NOBODYS)):
        yield ok("dns", f"{domain} is nobody's: there is nothing to ask the DNS")
        return
    yield from look_at(domain, asking(dns.resolver.Resolver()))


def look_at(domain: str, ask: Ask) -> Iterator[Finding]:
    """What the DNS says of a domain."""
    try:
        hosts = [line.split()[-1].rstrip(".") for line in ask(domain, "MX")]
        yield _mx(domain, hosts, ask)
        yield _spf(domain, ask)
        for host in hosts[:_MOST_HOSTS]:
            yield from _ptr(host, ask)
    except UnknownError as error:
        yield warning("dns", str(error))


def asking(resolver: dns.resolver.Resolver) -> Ask:
    """A way to ask for the records of a name, as text; none for a name without. Raises UnknownError."""
    deadline = time.monotonic() + _ALL

    def ask(name: str, kind: str) -> list[str]:
        left = min(_EACH, deadline - time.monotonic())
        if left <= 0:
            raise UnknownError(f"the DNS took longer than {_ALL:.0f} s")
        try:
            return [str(record) for record in resolver.resolve(name, kind, lifetime=left)]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise UnknownError(f"the DNS does not answer for {kind} of {name}: {error}") from error

    return ask


def _mx(domain: str, hosts: list[str], ask: Ask) -> Finding:
    check = "dns.mx"
    if hosts == [""]:
        return failed(check, f"the MX record of {domain} says that it takes no mail (RFC 7505)")
    if hosts:
        return ok(check, f"mail for {domain} goes to {', '.join(hosts)}", hosts=hosts)
    if ask(domain, "A") or ask(domain, "AAAA"):
        return warning(check, f"{domain} has no MX record; mail goes to the address of that name")
    return failed(check, f"{domain} has neither an MX record nor an address: no mail can come")


def _spf(domain: str, ask: Ask) -> Finding:
    check = "dns.spf"
    texts = ["".join(line.strip('"').split('" "')) for line in ask(domain, "TXT")]
    records = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return warning(check, f"{domain} has no SPF record: what it sends may be taken for spam")
    if len(records) > 1:
        return failed(check, f"{domain} has {len(records)} SPF records, which counts as none (RFC 7208 4.5)")
    if records[0].split()[-1] in ("+all", "all"):
        return warning(check, f"the SPF record of {domain} lets everybody send: {records[0]}")
    return ok(check, f"{domain} says {records[0]}", record=records[0])


def _ptr(host: str, ask: Ask) -> Iterator[Finding]:
    """Each address of a server should lead back to its name."""
    check = "dns.ptr"
    addresses = [*ask(host, "A"), *ask(host, "AAAA")]
    if not addresses:
        yield failed(check, f"{host} takes the mail and has no address", host=host)
    for address in addresses:
        names = [name.rstrip(".") for name in ask(str(dns.reversename.from_address(address)), "PTR")]
        if host.lower() in (name.lower() for name in names):
            yield ok(check, f"{address} is {host}, both ways", host=host, address=address)
        else:
            found = ", ".join(names) or "no name"
            yield warning(check, f"{host} is {address}, and {address} is {found}", host=host, address=address)

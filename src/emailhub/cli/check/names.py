"""DNS of the mail domain: who takes its mail (MX), who may send for it (SPF), whose its servers are (PTR)."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from emailhub.cli.check.finding import Finding, failed, ok, warning
from emailhub.egress.dns import MailLookups, Resolver
from emailhub.mail.authenticity import LookupFailedError

_MOST_HOSTS = 4
# Names that are nobody's (RFC 2606, RFC 6761), and that no public DNS knows.
_NOBODYS = ("example", "test", "invalid", "localhost", "local", "internal", "home.arpa")


def look() -> Iterator[Finding]:
    domain = settings.MAIL_DOMAIN
    if domain.endswith(tuple(f".{name}" for name in _NOBODYS)):
        yield ok("dns", f"{domain} is nobody's: there is nothing to ask the DNS")
    elif settings.NAME_SERVERS == []:
        yield ok("dns", "EMAILHUB_DNS is off: nobody is asked")
    else:
        yield from look_at(domain, Resolver(settings.NAME_SERVERS).for_one_mail())


def look_at(domain: str, dns: MailLookups) -> Iterator[Finding]:
    """What the DNS says of a domain. No answer in time says nothing about the domain."""
    try:
        hosts = [host.rstrip(".") for host in dns.mx(domain)]
        yield _mx(domain, hosts, dns)
        yield _spf(domain, dns)
        for host in filter(None, hosts[:_MOST_HOSTS]):
            yield from _ptr(host, dns)
    except LookupFailedError as error:
        yield warning("dns", f"the DNS does not answer: {error}")


def _mx(domain: str, hosts: list[str], dns: MailLookups) -> Finding:
    check = "dns.mx"
    if hosts == [""]:
        return failed(check, f"the MX record of {domain} says that it takes no mail (RFC 7505)")
    if hosts:
        return ok(check, f"mail for {domain} goes to {', '.join(hosts)}", hosts=hosts)
    if _addresses(domain, dns):
        return warning(check, f"{domain} has no MX record; mail goes to the address of that name")
    return failed(check, f"{domain} has neither an MX record nor an address: no mail can come")


def _spf(domain: str, dns: MailLookups) -> Finding:
    check = "dns.spf"
    records = [text for text in dns.txt(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return warning(check, f"{domain} has no SPF record: what it sends may be taken for spam")
    if len(records) > 1:
        return failed(check, f"{domain} has {len(records)} SPF records, which counts as none (RFC 7208 4.5)")
    if records[0].split()[-1] in ("+all", "all"):
        return warning(check, f"the SPF record of {domain} lets everybody send: {records[0]}")
    return ok(check, f"{domain} says {records[0]}", record=records[0])


def _ptr(host: str, dns: MailLookups) -> Iterator[Finding]:
    """Each address of a server should lead back to its name."""
    check = "dns.ptr"
    addresses = _addresses(host, dns)
    if not addresses:
        yield failed(check, f"{host} takes the mail and has no address", host=host)
    for address in addresses:
        names = [name.rstrip(".") for name in dns.ptr(address)]
        if host.lower() in (name.lower() for name in names):
            yield ok(check, f"{address} is {host}, both ways", host=host, address=address)
        else:
            found = ", ".join(names) or "no name"
            yield warning(check, f"{host} is {address}, and {address} is {found}", host=host, address=address)


def _addresses(host: str, dns: MailLookups) -> list[str]:
    return [*dns.addresses(host, version=4), *dns.addresses(host, version=6)]

"""Ask the servers of a zone themselves what stands in it now: what a resolver keeps may be days old.

The owner of a zone names its servers, so they are asked at checked addresses only (`guard`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dns import exception, flags, message, name, query, rcode, rdatatype, resolver

from emailhub.mail.authenticity import LookupFailedError

from . import guard
from .dns import server_at

_MOST_SERVERS = 4
_MOST_ALIASES = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands at a name. `alias` is where a CNAME leads; the values are then those of its end."""

    values: tuple[str, ...] = ()
    alias: str = ""


class Zones:
    """Reads TXT records. `servers` ("address" or "address:port") find the zones, else the machine's do."""

    def __init__(self, servers: list[str] | None = None, *, port: int = 53, seconds: float = 3.0) -> None:
        self._dns = resolver.Resolver(configure=servers is None)
        if servers is not None:
            self._dns.nameservers = [server_at(each) for each in servers]
        self._dns.lifetime = self._dns.timeout = seconds
        self._port, self._seconds = port, seconds

    def txt(self, wanted: str) -> Answer:
        """The texts at a name, each with its strings joined. Raises LookupFailedError."""
        first, here = "", wanted
        for _ in range(_MOST_ALIASES):
            texts, alias = self._ask(here)
            first = first or alias
            if texts or not alias:
                return Answer(texts, first)
            here = alias
        return Answer((), first)

    def _ask(self, wanted: str) -> tuple[tuple[str, ...], str]:
        try:
            asked = message.make_query(wanted, rdatatype.TXT)
        except (exception.DNSException, ValueError) as error:
            raise LookupFailedError(str(error)) from error
        for server in self._servers_of(wanted):
            try:
                answer, _ = query.udp_with_fallback(asked, server, self._seconds, self._port)
            except (exception.DNSException, OSError, EOFError):
                continue
            if answer.rcode() in (rcode.NOERROR, rcode.NXDOMAIN) and answer.flags & flags.AA:
                return _read(answer, name.from_text(wanted))
        raise LookupFailedError("no server of the zone answers")

    def _servers_of(self, wanted: str) -> Iterator[str]:
        try:
            zone = resolver.zone_for_name(wanted, resolver=self._dns)
            servers = [str(record.target) for record in self._dns.resolve(zone, "NS")]
        except (exception.DNSException, OSError) as error:
            raise LookupFailedError(str(error)) from error
        for server in servers[:_MOST_SERVERS]:
            yield from self._addresses_of(server)

    def _addresses_of(self, server: str) -> list[str]:
        try:
            found = [str(record.address) for record in self._dns.resolve(server, "A")]
        except (exception.DNSException, OSError):
            return []
        return [address for address in found if guard.is_allowed(server, address)]


def nobody_asked(wanted: str) -> Answer:
    """In place of Zones.txt where an installation asks no name servers."""
    raise LookupFailedError(f"nobody is asked about {wanted}")


def _read(answer: message.Message, wanted: name.Name) -> tuple[tuple[str, ...], str]:
    texts, alias = list[str](), ""
    for records in answer.answer:
        if records.rdtype == rdatatype.TXT:
            texts += [b"".join(record.strings).decode("utf-8", "replace") for record in records]
        elif records.rdtype == rdatatype.CNAME and records.name == wanted:
            alias = records[0].target.to_text(omit_final_dot=True).lower()
    return tuple(texts), alias

"""Ask the DNS about mail, within limits: of time for each question, of questions and time for each mail.

When no server answers, nobody waits for it again for a while: mail goes on, its verdict stays open.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dns import exception, resolver, reversename

from emailhub.mail.authenticity import LookupFailedError

_CACHED = 20_000  # answers
_SECONDS = 3.0  # for one question, all servers and tries together
_MAIL_SECONDS = 10.0
_MAIL_QUESTIONS = 60
_REST = 30.0  # seconds after the last of several time-outs in a row
_TIME_OUTS = 3


class Resolver:
    """The look-ups of emailhub.mail.authenticity, from the DNS, cached for as long as each record allows."""

    def __init__(self, servers: list[str] | None = None, *, seconds: float = _SECONDS) -> None:
        """Ask these servers ("address" or "address:port"), or those of the machine."""
        self._dns = resolver.Resolver(configure=servers is None)
        if servers is not None:
            self._dns.nameservers = [server_at(each) for each in servers]
        self._dns.cache = resolver.LRUCache(_CACHED)
        self._dns.lifetime = self._dns.timeout = seconds
        self._time_outs = 0
        self._rests_until = 0.0

    def for_one_mail(self, *, now: Callable[[], float] = time.monotonic) -> MailLookups:
        """Return the look-ups that one mail may make."""
        return MailLookups(self, now, now() + _MAIL_SECONDS)

    def ask(self, name: str, kind: str, *, now: float) -> list[Any]:
        """Return the records of a name, none if it has none. Raises LookupFailedError."""
        if now < self._rests_until:
            raise LookupFailedError("no server of the DNS answers")
        try:
            answer = self._dns.resolve(name, kind, raise_on_no_answer=False, search=False)
        except (resolver.NXDOMAIN, resolver.YXDOMAIN, exception.SyntaxError):
            return self._answered([])
        except (ValueError, exception.FormError) as error:  # a name that is none
            raise LookupFailedError(str(error)) from error
        except exception.Timeout as error:
            self._note_time_out(now)
            raise LookupFailedError(str(error)) from error
        except (exception.DNSException, OSError) as error:
            raise LookupFailedError(str(error)) from error
        return self._answered(list(answer.rrset) if answer.rrset is not None else [])

    def _answered(self, records: list[Any]) -> list[Any]:
        self._time_outs = 0
        return records

    def _note_time_out(self, now: float) -> None:
        self._time_outs += 1
        if self._time_outs >= _TIME_OUTS:
            self._rests_until = now + _REST


@dataclass
class MailLookups:
    """What one mail may ask (emailhub.mail.authenticity.Lookups)."""

    resolver: Resolver
    now: Callable[[], float]
    until: float
    asked: int = field(default=0)

    def txt(self, name: str) -> list[str]:
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, "TXT")]

    def addresses(self, name: str, *, version: int) -> list[str]:
        return [record.address for record in self._ask(name, "A" if version == 4 else "AAAA")]

    def mx(self, name: str) -> list[str]:
        found = sorted(self._ask(name, "MX"), key=lambda record: record.preference)
        return [record.exchange.to_text(omit_final_dot=True) for record in found]

    def ptr(self, address: str) -> list[str]:
        name = reversename.from_address(address).to_text()
        return [record.target.to_text(omit_final_dot=True) for record in self._ask(name, "PTR")]

    def _ask(self, name: str, kind: str) -> list[Any]:
        self.asked += 1
        now = self.now()
        if self.asked > _MAIL_QUESTIONS or now >= self.until:
            raise LookupFailedError("this mail asks for too much")
        return self.resolver.ask(name, kind, now=now)


def server_at(text: str) -> Any:
    """A name server from "address" or "address:port". Raises ValueError."""
    from dns.nameserver import Do53Nameserver

    address, colon, port = text.rpartition(":")
    if colon and port.isdigit() and (address.count(":") == 0 or address.startswith("[")):
        return Do53Nameserver(address.strip("[]"), int(port))
    return Do53Nameserver(str(ipaddress.ip_address(text.strip("[]"))))

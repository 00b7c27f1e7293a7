"""Whether a delivery is from whom its From line says: checked as it came in, or as a trusted server found."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from emailhub import mail
from emailhub.desk.models import Message
from emailhub.mail.authenticity import (
    Authenticity,
    Envelope,
    Lookups,
    evaluate,
    from_exchange,
    from_trusted_server,
)

from .models import ReceivedMessage

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# The line that our own listener puts on top of what it receives (channels.smtp.trace).
_OUR_LINE = re.compile(
    rb"Received: from ([!-~]{0,255}) \(\[(?:IPv6:)?([0-9a-fA-F.:]{2,45})\]\)\r\n"
    rb"\tby [!-~]{1,255} \(EmailHub(?:, from ([0-9a-fA-F.:]{2,45}))?\) with "
)


@dataclass(frozen=True)
class Verifier:
    """Checks deliveries. `lookups` gives what one mail may ask of the DNS, None where nobody is asked."""

    lookups: Callable[[], Lookups] | None
    trusted_peers: Sequence[Network] = ()
    authserv_id: str = ""  # of the trusted peer that checks what it hands on to us
    trusted_sealers: Collection[str] = ()

    def __call__(self, row: ReceivedMessage, raw: bytes, message: mail.Message) -> Authenticity:
        """What is true of a mail that came by SMTP, or that Exchange had; of others nothing is known."""
        if row.channel == "graph":
            return from_exchange(message) or Authenticity()
        came = _OUR_LINE.match(raw) if row.channel == "smtp" else None
        if came is None:
            return Authenticity()
        helo, client, server = (part.decode() if part else "" for part in came.groups())
        if self.authserv_id and self._is_trusted(server or client):
            found = from_trusted_server(message, self.authserv_id)
            if found is not None:
                return found
        if self.lookups is None:
            return Authenticity()
        envelope = None if self._hides_client(client) else Envelope(client, helo, row.mail_from)
        return evaluate(raw, message, envelope, self.lookups(), trusted_sealers=self.trusted_sealers)

    def _is_trusted(self, peer: str) -> bool:
        address = ipaddress.ip_address(peer)
        return any(address in network for network in self.trusted_peers)

    def _hides_client(self, peer: str) -> bool:
        """Whether this is a server of our own, which has not said from whom it had the mail."""
        return ipaddress.ip_address(peer).is_loopback or self._is_trusted(peer)


def note_verdict(row: ReceivedMessage, found: Authenticity) -> None:
    """Put what was found on the row, which the caller saves."""
    row.verdict, row.policy = Message.Verdict(found.verdict), found.policy
    row.by_trusted_forwarder, row.authentication = found.trusted_forwarder, found.summary


def copy_verdict(known: ReceivedMessage, row: ReceivedMessage) -> None:
    """Take over what was found before the row was locked and read again."""
    row.verdict, row.policy = known.verdict, known.policy
    row.by_trusted_forwarder, row.authentication = known.by_trusted_forwarder, known.authentication

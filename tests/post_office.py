"""An installation's wires in one process: mail in by the real listener, mail out to a sink, both by SMTP."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from emailhub import mail
from emailhub.channels.smtp.limits import COMMANDS
from emailhub.channels.smtp.receive import Listener
from emailhub.channels.smtp.send import Relay, RelaySettings, Security
from emailhub.delivery.deliver import deliver_due
from emailhub.desk.settle import settle
from emailhub.intake.process import process_due
from tests.channels.smtp.sink import Sink, Sunk

_IN_ONE_SESSION = COMMANDS["MAIL"] // 2


@dataclass
class PostOffice:
    """`send` hands mail in as another server does; `work` does what the workers do."""

    listener: Listener
    sink: Sink
    relay: Relay
    _seen: int = field(default=0)

    def send(self, raw: bytes, *to: str, mail_from: str = "carla@customer.example") -> None:
        """Hand in one mail; the listener has said 250 when this returns."""
        with smtplib.SMTP("127.0.0.1", self.listener.smtp_port or 0, timeout=30) as client:
            client.sendmail(mail_from, to, raw)

    def send_all(self, letters: Iterator[tuple[str, bytes]] | list[tuple[str, bytes]], to: str) -> None:
        """Hand in many mails, (mail_from, raw), over as few connections as the listener allows."""
        waiting = list(letters)
        while waiting:
            now, waiting = waiting[:_IN_ONE_SESSION], waiting[_IN_ONE_SESSION:]
            with smtplib.SMTP("127.0.0.1", self.listener.smtp_port or 0, timeout=60) as client:
                for mail_from, raw in now:
                    client.sendmail(mail_from, [to], raw)

    def work(self) -> list[Sunk]:
        """File all that waits, send all that is due, and return what reached the sink since the last time."""
        while process_due():
            pass
        while deliver_due({"smtp": self.relay, "demo": None}, settle):
            pass
        new = self.sink.mails[self._seen :]
        self._seen = len(self.sink.mails)
        return new


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Open it on free ports of loopback. Needs a database that commits."""
    listener = Listener(host="127.0.0.1", smtp_port=0, lmtp_port=0)
    listener.start()
    sink = Sink()
    relay = Relay(
        RelaySettings(host="localhost", port=sink.port, security=Security.NONE, helo="inbox.example")
    )
    try:
        yield PostOffice(listener, sink, relay)
    finally:
        relay.close()
        sink.close()
        listener.stop(within=0)


def raw_of(sunk: Sunk) -> bytes:
    """The mail as it was before its dots were doubled on the wire."""
    return sunk.content.replace(b"\r\n..", b"\r\n.")


def read(sunk: Sunk) -> mail.Message:
    return mail.parse(raw_of(sunk))

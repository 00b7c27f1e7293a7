"""From the wire to the verdict: a listener, a name server on loopback, and a worker between them."""

from __future__ import annotations

from ipaddress import ip_network

from emailhub.egress.dns import Resolver
from emailhub.intake.process import process_due
from emailhub.intake.verdict import Verifier
from tests.cast import Cast
from tests.channels.smtp.conftest import StartListener
from tests.channels.smtp.wire import Wire, received
from tests.egress.nameserver import NameServer

TRUSTED = [ip_network("127.0.0.0/8")]
RECORDS = {
    "customer.example TXT": ['"v=spf1 mx -all"'],
    "customer.example MX": ["10 mx.customer.example."],
    "mx.customer.example A": ["192.0.2.1"],
    "_dmarc.customer.example TXT": ['"v=DMARC1; p=reject"'],
}


def test_honest_and_forged_mail_are_told_apart(start_listener: StartListener, committed_cast: Cast) -> None:
    port = start_listener(trusted_peers=TRUSTED).smtp_port
    with Wire(port) as wire:
        for address in ("192.0.2.1", "203.0.113.9"):
            wire.say("EHLO mx.dealer.example")
            assert wire.say(f"XFORWARD ADDR={address} HELO=mx.customer.example").startswith("250")
            assert wire.send(committed_cast.service_address).startswith("250")
    with NameServer(RECORDS) as server:
        verify = Verifier(lookups=Resolver([server.address]).for_one_mail, trusted_peers=TRUSTED)
        process_due(verify=verify)
    assert [(row.verdict, row.state) for row in received(committed_cast)] == [
        ("pass", "done"),
        ("fail", "done"),
    ]

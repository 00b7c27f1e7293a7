"""A company's domain by our relay: proved while a real server has its records, given up when they vanish."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dkim
import pytest
from django.conf import LazySettings

from emailhub import mail
from emailhub.delivery.models import OutgoingMessage
from emailhub.egress.zones import Zones
from emailhub.hub.domain_records import Mistake, Purpose, State, check_domain
from emailhub.hub.errors import FreeMailError, NotProvedError
from emailhub.hub.models import HubAddress, OwnAddress, SendingDomain
from emailhub.hub.own_addresses import accept_forward, name_address
from emailhub.hub.sending_domains import (
    LAPSE_AFTER,
    change_key,
    failing_domains,
    finished,
    note_records,
    send_by_dns,
    use_dns,
)
from emailhub.mail import Mailbox
from tests.cast import CARLA, Cast
from tests.egress.knot import Knot

NOW = datetime.now(UTC)
SUPPORT = "support@dealer.example"
GENERATED = Cast.service_address

pytestmark = pytest.mark.skipif(
    not shutil.which("knotd") and not os.environ.get("CI"), reason="Knot is not installed"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Knot]:
    with Knot("dealer.example") as knot:
        yield knot


@pytest.fixture
def own(inside: Cast) -> OwnAddress:
    own = name_address(inside.service, SUPPORT, by=inside.ana, now=NOW)
    accept_forward(own, now=NOW)
    return own


@pytest.fixture
def domain(inside: Cast, own: OwnAddress, server: Knot, settings: LazySettings) -> Iterator[SendingDomain]:
    settings.EGRESS_ALLOWED = ["127.0.0.1"]
    found = use_dns(own, by=inside.ana, now=NOW)
    server.publish("_emailhub-verify", found.challenge)
    publish_key(server, found)
    yield found
    for host in ("_emailhub-verify", f"{found.selector}._domainkey", "_dmarc"):
        server.withdraw(host)


def publish_key(server: Knot, domain: SendingDomain) -> None:
    server.publish(f"{domain.keys[-1].selector}._domainkey", domain.keys[-1].record)


def look(server: Knot, domain: SendingDomain, *, at: datetime = NOW) -> dict[Purpose, tuple[State, Mistake]]:
    """As the worker does, by the zone's own server."""
    ask = Zones([server.address], port=server.port).txt
    records = check_domain(domain.domain, domain.challenge, domain.keys, ask)
    note_records(domain, records, now=at)
    return {record.purpose: (record.state, record.mistake) for record in records}


def sender_of(cast: Cast) -> str:
    return HubAddress.objects.get(team=cast.service, is_sender=True).address


def a_mail() -> mail.Draft:
    return mail.Draft(
        message_id="a@dealer.example",
        sender=Mailbox("", SUPPORT),
        to=(Mailbox("", CARLA),),
        date=NOW,
        text="Hi",
    )


def test_published_records_are_found_as_they_are_and_let_the_team_send(
    inside: Cast, own: OwnAddress, domain: SendingDomain, server: Knot
) -> None:
    """Scenario 27, from missing to ok."""
    selector = f"{domain.selector}._domainkey"
    server.withdraw(selector)
    assert look(server, domain)[Purpose.DKIM] == (State.MISSING, Mistake.NONE)
    with pytest.raises(NotProvedError):
        send_by_dns(own, by=inside.ana, now=NOW)
    server.publish(selector, "v=DKIM1; p=MIIBsomebodyelses")
    assert look(server, domain)[Purpose.DKIM] == (State.MISMATCH, Mistake.OTHER_KEY)
    server.alias(selector, f"{domain.selector}.dkim.inbox.example.dealer.example.")
    assert look(server, domain)[Purpose.DKIM] == (State.MISMATCH, Mistake.DOUBLED_DOMAIN)
    server.alias(selector, "delegated.dealer.example.")
    server.publish("delegated", domain.keys[0].record)
    assert look(server, domain)[Purpose.DKIM] == (State.OK, Mistake.NONE)
    send_by_dns(own, by=inside.ana, now=NOW)
    assert sender_of(inside) == SUPPORT


def test_mail_is_signed_with_the_domain_of_from_and_the_published_key_verifies_it(
    inside: Cast, domain: SendingDomain, server: Knot
) -> None:
    assert b"DKIM-Signature" not in finished(a_mail())  # nothing is proved yet
    look(server, domain)
    ask = Zones([server.address], port=server.port).txt

    def published(name: bytes, timeout: float = 5) -> bytes:
        return ask(name.decode().rstrip(".")).values[0].encode()

    assert dkim.verify(finished(a_mail()), dnsfunc=published)
    elsewhere = mail.Draft(**{**a_mail().__dict__, "sender": Mailbox("", GENERATED)})
    assert b"DKIM-Signature" not in finished(elsewhere)


def test_vanished_records_are_told_at_once_and_after_three_days_the_sender_falls_back(
    inside: Cast, own: OwnAddress, domain: SendingDomain, server: Knot
) -> None:
    look(server, domain)
    send_by_dns(own, by=inside.ana, now=NOW)
    server.withdraw("_emailhub-verify")
    look(server, domain)
    assert domain.failing_since == NOW
    assert failing_domains(inside.service) == [domain]
    assert sender_of(inside) == SUPPORT
    told = OutgoingMessage.objects.count()
    assert told
    look(server, domain, at=NOW + LAPSE_AFTER)
    assert sender_of(inside) == GENERATED
    assert not HubAddress.objects.get(address=SUPPORT).may_send
    assert OutgoingMessage.objects.count() > told
    server.publish("_emailhub-verify", domain.challenge)
    look(server, domain, at=NOW + LAPSE_AFTER + timedelta(hours=1))
    assert sender_of(inside) == SUPPORT
    assert domain.failing_since is None


def test_servers_that_are_silent_take_nothing_from_anybody(
    inside: Cast, own: OwnAddress, domain: SendingDomain, server: Knot, settings: LazySettings
) -> None:
    look(server, domain)
    send_by_dns(own, by=inside.ana, now=NOW)
    settings.EGRESS_ALLOWED = []  # its server is none that may be asked
    assert look(server, domain, at=NOW + LAPSE_AFTER)[Purpose.DKIM][0] is State.UNKNOWN
    assert domain.failing_since is None
    assert sender_of(inside) == SUPPORT


def test_a_new_key_signs_only_when_its_record_is_there(
    inside: Cast, own: OwnAddress, domain: SendingDomain, server: Knot
) -> None:
    look(server, domain)
    first = domain.selector
    change_key(domain, own, by=inside.ana, now=NOW)
    look(server, domain)
    assert domain.selector == first
    publish_key(server, domain)
    coming = domain.next_selector
    look(server, domain)
    assert (domain.selector, domain.next_selector) == (coming, "")
    assert f"s={coming}".encode() in finished(a_mail())
    server.withdraw(f"{first}._domainkey")
    look(server, domain)
    assert domain.signs


def test_a_provider_s_own_domain_cannot_be_proved(inside: Cast) -> None:
    own = name_address(inside.service, "dealer@gmail.com", by=inside.ana, now=NOW)
    with pytest.raises(FreeMailError):
        use_dns(own, by=inside.ana, now=NOW)

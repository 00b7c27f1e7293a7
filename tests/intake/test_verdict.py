"""The verdict on a delivery is stored with it and with its message, and the decision is taken by it."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.channels.smtp import trace
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_one
from emailhub.intake.verdict import Verifier
from tests.cast import Cast
from tests.letters import letter
from tests.mail.authenticity.signing import key_of, sealed, signed
from tests.mail.authenticity.zone import Zone
from tests.post import deliver

pytestmark = pytest.mark.django_db

ZONE = {
    ("customer.example", "TXT"): ["v=spf1 ip4:192.0.2.1 -all"],
    ("_dmarc.customer.example", "TXT"): ["v=DMARC1; p=reject"],
    **key_of("customer.example"),
    **key_of("google.com"),
}
HONEST, STRANGER, OURS = "192.0.2.1", "203.0.113.9", "10.0.0.7"


def verifier(**options: object) -> Verifier:
    zone = Zone(ZONE, frozenset({"_dmarc.slow.example"}))
    known = {"trusted_peers": [ip_network("10.0.0.0/8")], "trusted_sealers": ("google.com",), **options}
    return Verifier(lookups=lambda: zone, **known)


def received(
    cast: Cast, raw: bytes, peer: str, *, server: str = "", verify: Verifier | None = None
) -> ReceivedMessage:
    line = trace.received(
        helo="mx.customer.example", peer=peer, by="inbox.example", protocol="ESMTP", id="1", server=server,
        recipients=["service.dealer@inbox.example"], at=timezone.now(),
    )  # fmt: skip
    [id] = deliver(line + raw, mail_from="carla@customer.example")
    with company(cast.dealer.id):
        process_one(id, cast.dealer.id, now=timezone.now(), verify=verify or verifier())
        return ReceivedMessage.objects.select_related("filed_as__ticket").get(pk=id)


def carla(**options: object) -> bytes:
    return letter("Carla <carla@customer.example>", **options)


def test_a_verified_sender_is_stored_with_delivery_and_message(cast: Cast) -> None:
    row = received(cast, carla(), HONEST)
    assert (row.verdict, row.policy) == ("pass", "reject")
    assert "spf=pass smtp.mailfrom=customer.example" in row.authentication
    assert row.filed_as is not None and row.filed_as.verdict == "pass"


def test_a_forged_sender_is_flagged_and_joins_nothing(cast: Cast) -> None:
    """Behaviour 0.8: a fresh mail with `fail` makes a ticket of its own."""
    first = received(cast, carla(), HONEST)
    forged = received(cast, carla(subject="Pay me"), STRANGER)
    assert (forged.verdict, forged.filed_as.verdict) == ("fail", "fail")
    assert forged.filed_as.ticket_id != first.filed_as.ticket_id
    joined = received(cast, carla(subject="One more thing"), HONEST)
    assert joined.filed_as.ticket_id == first.filed_as.ticket_id


def test_a_forged_sender_is_held_where_only_known_contacts_may_write(cast: Cast) -> None:
    """Behaviour 0.3, threats I11."""
    first = received(cast, carla(), HONEST)
    with company(cast.dealer.id):
        contact = first.filed_as.ticket.contact
        contact.confirmed_at = timezone.now()
        contact.save()
        identity = cast.service.identity
        identity.known_contacts_only = True
        identity.save()
    assert received(cast, carla(subject="Pay me"), STRANGER).outcome == "held"
    assert received(cast, carla(subject="Another"), HONEST).outcome == "ticket"


def test_a_signed_mail_through_a_forwarder_is_verified(cast: Cast) -> None:
    assert received(cast, signed(carla(), "customer.example"), STRANGER).verdict == "pass"


def test_a_trusted_forwarder_s_seal_excuses(cast: Cast) -> None:
    raw = sealed(carla(), "google.com", "dmarc=pass header.from=customer.example")
    row = received(cast, raw, STRANGER)
    assert (row.verdict, row.by_trusted_forwarder) == ("fail", True)


def test_no_answer_of_the_dns_leaves_the_verdict_open(cast: Cast) -> None:
    """Threats 3 #12: temperror is not fail, and the mail is accepted."""
    row = received(cast, letter("Eva <eva@slow.example>"), STRANGER)
    assert (row.verdict, row.outcome) == ("none", "ticket")
    assert "dmarc=temperror" in row.authentication


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", OURS])
def test_a_server_of_ours_is_not_taken_for_the_sender(cast: Cast, peer: str) -> None:
    assert received(cast, carla(), peer).verdict == "none"


def test_the_client_that_a_trusted_server_names_is_checked(cast: Cast) -> None:
    assert received(cast, carla(), HONEST, server=OURS).verdict == "pass"
    assert received(cast, carla(), STRANGER, server=OURS).verdict == "fail"


def test_a_trusted_server_s_own_results_are_believed_and_nobody_else_s(cast: Cast) -> None:
    """Threats I9."""
    said = {"Authentication-Results": "mx.dealer.example; dmarc=pass (p=reject) header.from=customer.example"}
    verify = verifier(authserv_id="mx.dealer.example")
    assert received(cast, carla(headers=said), OURS, verify=verify).verdict == "pass"
    assert received(cast, carla(headers=said), STRANGER, server=OURS, verify=verify).verdict == "pass"
    assert received(cast, carla(headers=said), STRANGER, verify=verify).verdict == "fail"
    assert received(cast, carla(headers=said), STRANGER).verdict == "fail"


def test_a_forged_line_of_ours_below_the_real_one_is_not_read(cast: Cast) -> None:
    forged = trace.received(
        helo="mx", peer=HONEST, by="inbox.example", protocol="ESMTP", id="1", recipients=[], at=timezone.now()
    )
    assert received(cast, forged + carla(), STRANGER).verdict == "fail"


def test_what_did_not_come_by_smtp_is_not_checked(cast: Cast) -> None:
    [id] = deliver(carla())
    with company(cast.dealer.id):
        process_one(id, cast.dealer.id, now=timezone.now(), verify=verifier())
        assert ReceivedMessage.objects.get(pk=id).verdict == "none"


def test_held_and_ignored_mail_keeps_its_verdict_too(cast: Cast) -> None:
    with company(cast.dealer.id):
        identity = cast.service.identity
        identity.known_contacts_only = True
        identity.save()
    row = received(cast, letter("Nadia <nadia@customer.example>"), HONEST)
    assert (row.outcome, row.verdict) == ("held", "pass")

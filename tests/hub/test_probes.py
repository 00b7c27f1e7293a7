"""The forward of a company's own address: a test goes out, and how it comes back decides (scenario 26)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from emailhub import store
from emailhub.accounts.models import Advisor
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Ticket
from emailhub.hub.errors import AddressTakenError, NotAnOwnAddressError, TooManyProbesError
from emailhub.hub.models import HubAddress, OwnAddress, Probe
from emailhub.hub.own_addresses import name_address
from emailhub.hub.probes import IN_TIME, Judgement, judge, send_probe
from tests.cast import Cast
from tests.post import receive

SUPPORT = "support@dealer.example"
SERVICE = Cast.service_address
NOW = datetime.now(UTC)


@pytest.fixture
def own(inside: Cast) -> OwnAddress:
    return name_address(inside.service, "Support@Dealer.example", by=inside.ana, now=NOW)


@pytest.fixture
def probe(inside: Cast, own: OwnAddress) -> Probe:
    return send_probe(inside.service, own.address, by=inside.ana, now=NOW)


def raw_of(probe: Probe) -> bytes:
    content: bytes = store.get(probe.company_id, probe.outgoing.content_key)
    return content


def forwarded(raw: bytes) -> bytes:
    """As a redirect passes it on: nothing but a line on top."""
    return (
        b"Received: from mx.dealer.example by out.dealer.example; Tue, 24 Nov 2026 09:00:00 +0000\r\n" + raw
    )


def rewritten(raw: bytes) -> bytes:
    """As Exchange forwards: a mail of its own, the first one below."""
    token = re.search(rb"probe-[0-9a-f]{32}", raw)
    assert token
    return (
        b"From: Support <support@dealer.example>\r\nTo: %s\r\nSubject: FW: Test\r\n"
        b"Message-ID: <x@dealer.example>\r\n\r\n"
        b"From: EmailHub\r\nSubject: Test of EmailHub: %s\r\n" % (SERVICE.encode(), token[0])
    )


def through_a_group(raw: bytes) -> bytes:
    """As a mailing list passes it on: in its own name."""
    ours, theirs = b"From: EmailHub <emailhub@inbox.example>", b"From: Support <support@dealer.example>"
    assert ours in raw
    return b"List-Id: <support.dealer.example>\r\n" + raw.replace(ours, theirs)


def come_back(cast: Cast, raw: bytes, to: str = SERVICE) -> str:
    row = receive(cast.dealer.id, raw, to)
    return row.outcome


def judged(probe: Probe, *, after: timedelta = timedelta(minutes=1)) -> Judgement:
    return judge(Probe.objects.select_related("outgoing").get(pk=probe.pk), now=NOW + after)


def test_a_test_that_comes_back_unchanged_makes_the_address_the_team_s(inside: Cast, probe: Probe) -> None:
    assert come_back(inside, forwarded(raw_of(probe))) == "set_up"
    assert judged(probe) is Judgement.OK
    row = HubAddress.objects.get(address=SUPPORT)
    assert (row.team_id, row.kind, row.may_send) == (inside.service.id, "company", False)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("how", "judgement"),
    [(rewritten, Judgement.FROM_CHANGED), (through_a_group, Judgement.BY_GROUP)],
)
def test_a_test_that_comes_back_changed_proves_nothing_and_is_explained(
    inside: Cast, probe: Probe, how: Callable[[bytes], bytes], judgement: Judgement
) -> None:
    assert come_back(inside, how(raw_of(probe))) == "set_up"
    assert judged(probe) is judgement
    assert not HubAddress.objects.filter(address=SUPPORT).exists()


def test_of_two_copies_the_better_one_counts(inside: Cast, probe: Probe) -> None:
    come_back(inside, rewritten(raw_of(probe)))
    come_back(inside, forwarded(raw_of(probe)))
    come_back(inside, rewritten(raw_of(probe)))
    assert judged(probe) is Judgement.OK


def test_a_test_that_comes_to_another_team_says_so(inside: Cast, probe: Probe) -> None:
    come_back(inside, forwarded(raw_of(probe)), Cast.parts_address)
    assert judged(probe) is Judgement.OTHER_TEAM


def test_a_test_that_never_comes_is_silence_after_half_an_hour(inside: Cast, probe: Probe) -> None:
    OutgoingMessage.objects.filter(pk=probe.outgoing_id).update(state="sent")
    assert judged(probe) is Judgement.UNDER_WAY
    assert judged(probe, after=IN_TIME + timedelta(seconds=1)) is Judgement.SILENCE


def test_microsoft_s_refusal_to_forward_is_known_by_its_code(inside: Cast, probe: Probe) -> None:
    OutgoingMessage.objects.filter(pk=probe.outgoing_id).update(state="sent", attempts=1)
    probe.outgoing.recipients.update(state="sent")
    report = (
        f"From: postmaster@dealer.example\r\nTo: {probe.outgoing.mail_from}\r\nSubject: Undeliverable\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message was not delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; out.dealer.example\r\n\r\n"
        f"Final-Recipient: rfc822; {SERVICE}\r\nAction: failed\r\nStatus: 5.7.520\r\n"
        "Diagnostic-Code: smtp; 550 5.7.520 Access denied, Your organization does not allow external"
        " forwarding.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    raw = report.encode() + raw_of(probe) + b"\r\n--b--\r\n"
    assert come_back(inside, raw, probe.outgoing.mail_from) == "report"
    assert judged(probe) is Judgement.BLOCKED


def test_a_stranger_who_makes_up_a_token_gets_a_ticket_like_anybody(inside: Cast, probe: Probe) -> None:
    assert come_back(inside, raw_of(probe).replace(probe.token.encode(), b"0" * 32)) == "ticket"


def test_an_address_of_another_team_or_of_ours_is_refused(inside: Cast, own: OwnAddress) -> None:
    for typed in ("not an address", SERVICE, "emailhub@inbox.example", ""):
        with pytest.raises(NotAnOwnAddressError):
            name_address(inside.service, typed, by=inside.ana, now=NOW)
    with pytest.raises(AddressTakenError):
        name_address(inside.parts, SUPPORT, by=inside.olga, now=NOW)


def test_nobody_floods_a_mailbox_with_tests(inside: Cast, own: OwnAddress) -> None:
    def send(by: Advisor) -> None:
        send_probe(inside.service, own.address, by=by, now=NOW)

    for _ in range(12):
        send(inside.ana)
    with pytest.raises(TooManyProbesError):
        send(inside.ana)

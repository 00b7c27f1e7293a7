"""The verdict on a mail: what the domain of From vouches for, by real signatures and a zone of our own."""

from __future__ import annotations

import pytest

from emailhub.mail import parse
from emailhub.mail.authenticity import Authenticity, Envelope, Verdict, evaluate, from_trusted_server
from tests.mail.authenticity.signing import key_of, sealed, signed
from tests.mail.authenticity.zone import Zone

LETTER = (
    b"From: Carla <carla@farm.example>\r\nTo: service@dealer.example\r\nSubject: Pump\r\n"
    b"Date: Mon, 23 Nov 2026 10:04:00 +0100\r\nMessage-ID: <1@farm.example>\r\n\r\nThe pump leaks.\r\n"
)
PEER = "192.0.2.1"
ENVELOPE = Envelope(PEER, "mx.farm.example", "carla@farm.example")
ELSEWHERE = Envelope("203.0.113.9", "relay.example", "list@relay.example")
SPF = {("farm.example", "TXT"): ["v=spf1 ip4:192.0.2.1 -all"]}
REJECT = {("_dmarc.farm.example", "TXT"): ["v=DMARC1; p=reject"]}
SEALERS = ("google.example",)


def judged(
    raw: bytes, zone: Zone | dict[tuple[str, str], list[str]], envelope: Envelope | None = ENVELOPE
) -> Authenticity:
    lookups = zone if isinstance(zone, Zone) else Zone(zone)
    return evaluate(raw, parse(raw), envelope, lookups, trusted_sealers=SEALERS)


def test_an_aligned_spf_passes() -> None:
    found = judged(LETTER, SPF | REJECT)
    assert (found.verdict, found.policy) == (Verdict.PASS, "reject")
    assert "spf=pass smtp.mailfrom=farm.example" in found.summary


def test_an_aligned_signature_passes_wherever_the_mail_comes_from() -> None:
    found = judged(signed(LETTER, "farm.example"), SPF | REJECT | key_of("farm.example"), ELSEWHERE)
    assert found.verdict is Verdict.PASS
    assert "dkim=pass header.d=farm.example" in found.summary


def test_what_neither_vouches_for_fails_under_a_policy() -> None:
    found = judged(LETTER, SPF | REJECT, ELSEWHERE)
    assert (found.verdict, found.strict_policy) == (Verdict.FAIL, True)


def test_without_a_policy_nobody_can_tell() -> None:
    assert judged(LETTER, SPF, ELSEWHERE).verdict is Verdict.NONE
    assert judged(LETTER, {}).verdict is Verdict.NONE


def test_a_policy_of_none_fails_without_being_strict() -> None:
    found = judged(LETTER, {("_dmarc.farm.example", "TXT"): ["v=DMARC1; p=none"]}, ELSEWHERE)
    assert (found.verdict, found.policy, found.strict_policy) == (Verdict.FAIL, "none", False)


def test_a_signature_of_another_domain_says_nothing_of_from() -> None:
    raw = signed(LETTER, "evil.example")
    assert judged(raw, REJECT | key_of("evil.example"), ELSEWHERE).verdict is Verdict.FAIL


def test_an_spf_pass_of_another_domain_says_nothing_of_from() -> None:
    zone = REJECT | {("relay.example", "TXT"): ["v=spf1 +all"]}
    assert judged(LETTER, zone, ELSEWHERE).verdict is Verdict.FAIL


def test_domains_of_one_organisation_stand_for_each_other_unless_alignment_is_strict() -> None:
    raw = signed(LETTER.replace(b"@farm.example>\r\nTo", b"@mail.farm.example>\r\nTo"), "farm.example")
    relaxed = REJECT | key_of("farm.example")
    assert judged(raw, relaxed, ELSEWHERE).verdict is Verdict.PASS
    strict = relaxed | {("_dmarc.farm.example", "TXT"): ["v=DMARC1; p=reject; adkim=s"]}
    assert judged(raw, strict, ELSEWHERE).verdict is Verdict.FAIL


def test_customers_of_one_provider_do_not_stand_for_each_other() -> None:
    raw = LETTER.replace(b"carla@farm.example", b"carla@carla.co.uk")
    zone = {("_dmarc.carla.co.uk", "TXT"): ["v=DMARC1; p=reject"]} | key_of("mallory.co.uk")
    assert judged(signed(raw, "mallory.co.uk"), zone, ELSEWHERE).verdict is Verdict.FAIL


def test_a_subdomain_follows_its_organisation_s_policy() -> None:
    raw = LETTER.replace(b"carla@farm.example", b"carla@news.farm.example")
    zone = {("_dmarc.farm.example", "TXT"): ["v=DMARC1; p=reject; sp=none"]}
    assert judged(raw, zone, ELSEWHERE).policy == "none"


@pytest.mark.parametrize("change", [b"The pump works.", b"The pump leaks.\r\nPay Mallory"])
def test_a_changed_body_breaks_the_signature(change: bytes) -> None:
    raw = signed(LETTER, "farm.example").replace(b"The pump leaks.", change)
    found = judged(raw, REJECT | key_of("farm.example"), ELSEWHERE)
    assert (found.verdict, "dkim=fail" in found.summary) == (Verdict.FAIL, True)


def test_a_signature_with_a_length_counts_for_nothing() -> None:
    """Text after the length is anybody's (RFC 6376 8.2)."""
    raw = signed(LETTER, "farm.example", length=True) + b"Pay Mallory.\r\n"
    assert judged(raw, REJECT | key_of("farm.example"), ELSEWHERE).verdict is Verdict.FAIL


def test_a_weak_key_counts_for_nothing() -> None:
    raw = signed(LETTER, "farm.example", bits=1024)
    assert judged(raw, REJECT | key_of("farm.example", 1024), ELSEWHERE).verdict is Verdict.PASS
    assert (
        judged(raw, REJECT | {("s._domainkey.farm.example", "TXT"): ["v=DKIM1; p="]}, ELSEWHERE).verdict
        is Verdict.FAIL
    )


@pytest.mark.parametrize(
    ("silent", "raw", "envelope"),
    [
        ("farm.example", LETTER, ENVELOPE),
        ("_dmarc.farm.example", LETTER, ELSEWHERE),
        ("s._domainkey.farm.example", signed(LETTER, "farm.example"), ELSEWHERE),
    ],
)
def test_no_answer_for_the_moment_is_no_failure(silent: str, raw: bytes, envelope: Envelope) -> None:
    """Threats 3 #12: temperror is neither pass nor fail."""
    records = SPF | REJECT | key_of("farm.example")
    assert judged(raw, Zone(records, frozenset({silent})), envelope).verdict is Verdict.NONE


def test_behind_a_server_that_hides_the_client_only_signatures_count() -> None:
    records = SPF | REJECT | key_of("farm.example")
    assert judged(signed(LETTER, "farm.example"), records, None).verdict is Verdict.PASS
    assert judged(LETTER, records, None).verdict is Verdict.NONE


@pytest.mark.parametrize(
    ("saw", "sealer", "trusted"),
    [
        ("dmarc=pass header.from=farm.example", "google.example", True),
        ("spf=pass smtp.mailfrom=carla@farm.example", "google.example", True),
        ("dmarc=fail header.from=farm.example", "google.example", False),
        ("dmarc=pass header.from=evil.example", "google.example", False),
        ("dmarc=pass header.from=farm.example", "evil.example", False),
    ],
)
def test_a_trusted_forwarder_excuses_what_it_saw_pass(saw: str, sealer: str, trusted: bool) -> None:
    raw = sealed(LETTER, sealer, saw)
    found = judged(raw, REJECT | key_of(sealer), ELSEWHERE)
    assert (found.verdict, found.trusted_forwarder) == (Verdict.FAIL, trusted)


def test_a_broken_chain_excuses_nothing() -> None:
    raw = sealed(LETTER, "google.example", "dmarc=pass header.from=farm.example").replace(b"leaks", b"works")
    assert not judged(raw, REJECT | key_of("google.example"), ELSEWHERE).trusted_forwarder


def test_a_mail_whose_author_is_uncertain_has_no_verdict() -> None:
    two = LETTER.replace(b"From: ", b"From: Eve <eve@evil.example>\r\nFrom: ", 1)
    assert judged(two, SPF | REJECT).verdict is Verdict.NONE


@pytest.mark.parametrize(
    "field",
    [
        b"DKIM-Signature: \r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=farm.example; s=s; h=from; bh=x; b=x\r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=\xc3\xa9.example; s=\x80; h=from; bh=AAAA; b=AAAA\r\n",
        b"DKIM-Signature: " + b"a=b; " * 3_000 + b"\r\n",
        b"DKIM-Signature: v=1\r\n" * 500,
        b"ARC-Seal: i=1\r\nARC-Message-Signature: i=1\r\nARC-Authentication-Results: i=1\r\n",
        b"ARC-Seal: i=99999999999\r\n" * 60,
    ],
)
def test_broken_signatures_raise_nothing_and_cost_little(field: bytes) -> None:
    zone = Zone(REJECT | key_of("farm.example"))
    assert judged(field + LETTER, zone, ELSEWHERE).verdict is Verdict.FAIL
    assert len(zone.asked) < 10


def test_white_space_without_end_is_not_hashed() -> None:
    """dkimpy's pattern takes the square of a run of blanks."""
    raw = signed(LETTER, "farm.example") + b" " * 1_000_000 + b"x\r\n"
    assert judged(raw, REJECT | key_of("farm.example"), ELSEWHERE).verdict is Verdict.FAIL


def trusted(*fields: str) -> Authenticity | None:
    head = "".join(f"Authentication-Results: {field}\r\n" for field in fields)
    return from_trusted_server(parse(head.encode() + LETTER), "mx.dealer.example")


@pytest.mark.parametrize(
    ("said", "verdict", "policy"),
    [
        (
            "spf=pass; dmarc=pass (p=REJECT sp=NONE) header.from=farm.example",
            "pass",
            "reject",
        ),
        ("dmarc=fail (p=quarantine dis=none) header.from=farm.example", "fail", "quarantine"),
        ("dmarc=temperror header.from=farm.example", "none", ""),
        ("dmarc=none; dkim=pass header.i=@mail.farm.example", "pass", ""),
        ("dkim=pass header.d=evil.example", "none", ""),
        ("dmarc=pass header.from=evil.example", "none", ""),
        ("spf=softfail smtp.mailfrom=farm.example", "none", ""),
    ],
)
def test_a_trusted_server_s_results_are_taken(said: str, verdict: str, policy: str) -> None:
    found = trusted(f"mx.dealer.example; {said}")
    assert found is not None
    assert (found.verdict, found.policy) == (verdict, policy)


def test_another_server_s_results_are_nobody_s() -> None:
    """Threats I9: anybody can write such a field."""
    assert trusted("evil.example; dmarc=pass header.from=farm.example") is None
    assert trusted("mx.dealer.example.evil.example; dmarc=pass") is None
    assert trusted() is None
    found = trusted("mx.dealer.example; dmarc=fail (p=reject)", "mx.dealer.example; dmarc=pass")
    assert found is not None and found.verdict is Verdict.FAIL

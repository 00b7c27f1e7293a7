"""SPF, by the zone and the results of RFC 7208 appendix A, and by its sections on errors and macros."""

from __future__ import annotations

import ipaddress

import pytest

from emailhub.mail.authenticity import Envelope
from emailhub.mail.authenticity.spf import check_spf
from emailhub.mail.authenticity.spf_macros import expand
from tests.mail.authenticity.zone import Zone

APPENDIX_A = {
    ("example.com", "A"): ["192.0.2.10", "192.0.2.11"],
    ("example.com", "MX"): ["mail-a.example.com", "mail-b.example.com"],
    ("amy.example.com", "A"): ["192.0.2.65"],
    ("bob.example.com", "A"): ["192.0.2.66"],
    ("mail-a.example.com", "A"): ["192.0.2.129"],
    ("mail-b.example.com", "A"): ["192.0.2.130"],
    ("www.example.com", "A"): ["192.0.2.10"],
    ("example.org", "MX"): ["mail-c.example.org"],
    ("mail-c.example.org", "A"): ["192.0.2.140"],
    ("10.2.0.192.in-addr.arpa", "PTR"): ["example.com"],
    ("65.2.0.192.in-addr.arpa", "PTR"): ["amy.example.com"],
    ("140.2.0.192.in-addr.arpa", "PTR"): ["mail-c.example.org"],
}


def result(record: str, peer: str, more: dict[tuple[str, str], list[str]] | None = None) -> str:
    zone = Zone({**APPENDIX_A, **(more or {}), ("example.com", "TXT"): [record]})
    return check_spf(Envelope(peer, "mx.example.com", "carla@example.com"), zone)


@pytest.mark.parametrize(
    ("record", "peer", "expected"),
    [
        ("v=spf1 +all", "192.0.2.200", "pass"),
        ("v=spf1 a -all", "192.0.2.10", "pass"),
        ("v=spf1 a -all", "192.0.2.12", "fail"),
        ("v=spf1 a:example.org -all", "192.0.2.10", "fail"),
        ("v=spf1 mx -all", "192.0.2.129", "pass"),
        ("v=spf1 mx -all", "192.0.2.140", "fail"),
        ("v=spf1 mx:example.org -all", "192.0.2.140", "pass"),
        ("v=spf1 mx mx:example.org -all", "192.0.2.130", "pass"),
        ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.131", "pass"),
        ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.143", "pass"),
        ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.144", "fail"),
        ("v=spf1 ptr -all", "192.0.2.65", "pass"),
        ("v=spf1 ptr -all", "192.0.2.140", "fail"),
        ("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129", "pass"),
        ("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.65", "fail"),
        ("v=spf1 ip4:192.0.2.128/28 ~all", "192.0.2.65", "softfail"),
        ("v=spf1 ip4:192.0.2.128/28 ?all", "192.0.2.65", "neutral"),
        ("v=spf1 ip4:192.0.2.128/28", "192.0.2.65", "neutral"),
        ("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::7", "pass"),
        ("v=spf1 ip6:2001:db8::/32 -all", "192.0.2.65", "fail"),
        ("v=spf1 ip4:192.0.2.65 -all", "::ffff:192.0.2.65", "pass"),
        ("V=SPF1 A -ALL", "192.0.2.10", "pass"),
    ],
)
def test_mechanisms_decide_as_in_the_rfc(record: str, peer: str, expected: str) -> None:
    assert result(record, peer) == expected


def test_an_include_passes_only_by_a_pass() -> None:
    more = {("example.org", "TXT"): ["v=spf1 mx -all"]}
    assert result("v=spf1 include:example.org -all", "192.0.2.140", more) == "pass"
    assert result("v=spf1 include:example.org ~all", "192.0.2.10", more) == "softfail"


def test_a_redirect_takes_the_other_domain_s_result() -> None:
    more = {("example.org", "TXT"): ["v=spf1 mx -all"]}
    assert result("v=spf1 redirect=example.org", "192.0.2.140", more) == "pass"
    assert result("v=spf1 redirect=example.org", "192.0.2.10", more) == "fail"
    assert result("v=spf1 redirect=nowhere.example", "192.0.2.10", more) == "permerror"


def test_an_exists_with_macros_asks_for_the_sender() -> None:
    more = {("carla.192.0.2.9.spf.example.com", "A"): ["127.0.0.2"]}
    record = "v=spf1 exists:%{l}.%{i}.spf.%{d} -all"
    assert (result(record, "192.0.2.9", more), result(record, "192.0.2.8", more)) == ("pass", "fail")


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 a:%{q}.example.com -all",
        "v=spf1 ipv4:192.0.2.1 -all",
        "v=spf1 ip4:192.0.2.999 -all",
        "v=spf1 ip4:192.0.2.1/33 -all",
        "v=spf1 a/64 -all",
        "v=spf1 include -all",
        "v=spf1 include:nothing.example -all",
        "v=spf1 redirect=a.example redirect=b.example",
        "v=spf1 " + " ".join(f"a:h{n}.example.com" for n in range(11)) + " -all",
        "v=spf1 a:x1.example a:x2.example a:x3.example -all",
        "v=spf1 include:example.com -all",
    ],
)
def test_what_cannot_be_used_is_a_permanent_error(record: str) -> None:
    hosts = {(f"h{n}.example.com", "A"): ["203.0.113.1"] for n in range(11)}
    assert result(record, "192.0.2.1", hosts) == "permerror"


def test_two_records_are_a_permanent_error_and_none_is_none() -> None:
    both = Zone({("example.com", "TXT"): ["v=spf1 -all", "v=spf1 +all"]})
    other = Zone({("example.com", "TXT"): ["v=spf10 -all", "verify=me"]})
    envelope = Envelope("192.0.2.1", "mx", "carla@example.com")
    assert (check_spf(envelope, both), check_spf(envelope, other)) == ("permerror", "none")


def test_no_answer_for_the_moment_is_no_failure() -> None:
    zone = Zone({("example.com", "TXT"): ["v=spf1 a:slow.example -all"]}, frozenset({"slow.example"}))
    assert check_spf(Envelope("192.0.2.1", "mx", "carla@example.com"), zone) == "temperror"


def test_a_null_reverse_path_is_checked_by_the_greeting() -> None:
    zone = Zone({("mx.example.com", "TXT"): ["v=spf1 ip4:192.0.2.1 -all"]})
    assert check_spf(Envelope("192.0.2.1", "mx.example.com"), zone) == "pass"
    assert check_spf(Envelope("192.0.2.1", "localhost"), zone) == "none"
    assert check_spf(Envelope("unknown", "mx.example.com"), zone) == "none"


def test_a_hostile_record_costs_no_more_than_its_limits() -> None:
    names = {(f"{n}.example", "TXT"): [f"v=spf1 include:{n + 1}.example -all"] for n in range(100)}
    zone = Zone({**names, ("example.com", "TXT"): ["v=spf1 include:0.example -all"]})
    assert check_spf(Envelope("192.0.2.1", "mx", "carla@example.com"), zone) == "permerror"
    assert len(zone.asked) <= 12


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        ("a%%b%_c%-d", "a%b c%20d"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("%{x}", None),
        ("100%", None),
    ],
)
def test_macros_expand_as_in_the_rfc(spec: str, expected: str | None) -> None:
    address = ipaddress.ip_address("192.0.2.3")
    facts = {"sender": "strong-bad@email.example.com", "domain": "email.example.com", "helo": "mx"}
    assert expand(spec, **facts, address=address) == expected


def test_an_ipv6_address_is_spelled_in_nibbles() -> None:
    address = ipaddress.ip_address("2001:db8::cb01")
    expanded = expand("%{ir}.%{v}", sender="a@b.example", domain="b.example", helo="mx", address=address)
    assert expanded == "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6"

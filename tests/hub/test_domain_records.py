"""The records of a company's domain as people publish them: right, missing, and in the usual wrong ways."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from emailhub.egress.zones import Answer
from emailhub.hub.domain_records import (
    Key,
    Mistake,
    Purpose,
    Record,
    State,
    check_domain,
    is_unknown,
    may_send,
)
from emailhub.mail.authenticity import LookupFailedError

DOMAIN = "dealer.example"
PROOF = "emailhub-verify=1234567890abcdef"
KEY = Key("eh1", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqw3M7PXb")
OWNERSHIP, DKIM = f"_emailhub-verify.{DOMAIN}", f"eh1._domainkey.{DOMAIN}"
RIGHT = {OWNERSHIP: (PROOF,), DKIM: (KEY.record,)}


def look(zone: Mapping[str, tuple[str, ...]], *, aliases: Mapping[str, str] | None = None) -> list[Record]:
    def ask(name: str) -> Answer:
        if zone.get(name) == ("silence",):
            raise LookupFailedError
        return Answer(zone.get(name, ()), (aliases or {}).get(name, ""))

    return check_domain(DOMAIN, PROOF, [KEY], ask)


def of(records: list[Record], purpose: Purpose) -> tuple[State, Mistake]:
    record = next(record for record in records if record.purpose is purpose)
    return record.state, record.mistake


def test_the_two_required_records_are_enough_to_send() -> None:
    records = look(RIGHT)
    assert may_send(records)
    assert of(records, Purpose.DMARC) == (State.MISSING, Mistake.NONE)


@pytest.mark.parametrize("gone", [OWNERSHIP, DKIM])
def test_without_one_of_them_nothing_may_be_sent(gone: str) -> None:
    records = look({name: values for name, values in RIGHT.items() if name != gone})
    assert not may_send(records)
    assert not is_unknown(records)


@pytest.mark.parametrize(
    "written",
    [
        f"v=DKIM1;k=rsa;p={KEY.value}",
        f"p={KEY.value}",
        f"v=DKIM1; t=s; k=rsa; p={KEY.value[:20]} {KEY.value[20:]};",
    ],
)
def test_a_key_counts_however_its_record_is_written(written: str) -> None:
    assert may_send(look({**RIGHT, DKIM: (written,)}))


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        (f'"v=DKIM1; k=rsa; p={KEY.value[:20]}" "{KEY.value[20:]}"', Mistake.QUOTED),
        (f"v=DKIM1\\; k=rsa\\; p={KEY.value}", Mistake.QUOTED),
        (f"v=DKIM1; k=rsa; p={KEY.value[:-4]}", Mistake.CUT),
        ("v=DKIM1; k=rsa; p=MIIBsomebodyelses", Mistake.OTHER_KEY),
    ],
)
def test_a_key_that_went_wrong_is_told_how(written: str, mistake: Mistake) -> None:
    assert of(look({**RIGHT, DKIM: (written,)}), Purpose.DKIM) == (State.MISMATCH, mistake)


def test_two_keys_under_one_name_are_one_too_many() -> None:
    records = look({**RIGHT, DKIM: (KEY.record, "v=DKIM1; p=MIIBold")})
    assert of(records, Purpose.DKIM) == (State.MISMATCH, Mistake.SEVERAL)


@pytest.mark.parametrize(
    ("place", "mistake"),
    [(f"{OWNERSHIP}.{DOMAIN}", Mistake.DOUBLED_DOMAIN), (DOMAIN, Mistake.WRONG_HOST)],
)
def test_a_proof_in_the_wrong_place_is_found_there(place: str, mistake: Mistake) -> None:
    records = look({DKIM: RIGHT[DKIM], place: (PROOF,)})
    assert of(records, Purpose.OWNERSHIP) == (State.MISSING, mistake)
    assert place in records[0].found[0]


def test_an_alias_with_the_domain_behind_it_is_told_apart_from_one_that_leads_elsewhere() -> None:
    for target, mistake in {
        f"eh1.dkim.inbox.example.{DOMAIN}": Mistake.DOUBLED_DOMAIN,
        "dkim.somebody.example": Mistake.ALIAS_ELSEWHERE,
    }.items():
        records = look({OWNERSHIP: (PROOF,)}, aliases={DKIM: target})
        assert of(records, Purpose.DKIM) == (State.MISMATCH, mistake)


def test_a_policy_that_is_there_is_right_whatever_it_asks() -> None:
    for policy in ("v=DMARC1; p=reject", "v=DMARC1; p=quarantine; rua=mailto:x@dealer.example"):
        records = look({**RIGHT, f"_dmarc.{DOMAIN}": (policy,)})
        assert of(records, Purpose.DMARC) == (State.OK, Mistake.NONE)


def test_spf_is_spoken_of_only_where_two_records_break_it() -> None:
    one, two = ("v=spf1 -all",), ("v=spf1 -all", "v=spf1 mx -all")
    assert not [r for r in look({**RIGHT, DOMAIN: one}) if r.purpose is Purpose.SPF]
    assert of(look({**RIGHT, DOMAIN: two}), Purpose.SPF) == (State.MISMATCH, Mistake.SEVERAL)


def test_silence_of_the_zone_proves_nothing() -> None:
    assert is_unknown(look({**RIGHT, DKIM: ("silence",)}))

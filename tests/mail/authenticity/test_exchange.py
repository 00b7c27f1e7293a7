"""What Exchange Online found of a mail is believed as it writes it: on top, without a name of its own."""

from __future__ import annotations

import pytest

from emailhub import mail
from emailhub.mail.authenticity import Verdict, from_exchange

PASSED = (
    "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=customer.example; dkim=pass (signature was verified)"
    " header.d=customer.example;dmarc=pass action=none header.from=customer.example;compauth=pass reason=100"
)
FORGED = (
    "spf=fail (sender IP is 203.0.113.9) smtp.mailfrom=evil.example; dkim=none (message not signed)"
    " header.d=none;dmarc=fail action={action} header.from=customer.example;compauth=fail reason=000"
)


def message(*fields: str) -> mail.Message:
    head = "".join(f"Authentication-Results: {field}\r\n" for field in fields)
    return mail.parse(f"{head}From: carla@customer.example\r\nSubject: x\r\n\r\nx\r\n".encode())


def test_what_passed_is_verified() -> None:
    found = from_exchange(message(PASSED))
    assert found and found.verdict is Verdict.PASS
    assert "dmarc=pass" in found.summary


@pytest.mark.parametrize(
    ("action", "policy"),
    [("none", "none"), ("quarantine", "quarantine"), ("oreject", "reject"), ("reject", "reject")],
)
def test_what_failed_is_not_with_what_its_domain_asks(action: str, policy: str) -> None:
    found = from_exchange(message(FORGED.format(action=action)))
    assert found and (found.verdict, found.policy) == (Verdict.FAIL, policy)


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("mx.evil.example; spf=pass smtp.mailfrom=customer.example; compauth=pass",),
        ("spf=pass smtp.mailfrom=customer.example; dmarc=pass header.from=customer.example",),
        ("nonsense", PASSED),
    ],
)
def test_of_anything_else_nothing_is_known(fields: tuple[str, ...]) -> None:
    assert from_exchange(message(*fields)) is None


def test_a_field_that_the_sender_put_below_does_not_count() -> None:
    found = from_exchange(message(FORGED.format(action="reject"), PASSED))
    assert found and found.verdict is Verdict.FAIL

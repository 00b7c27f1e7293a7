"""Our signatures, judged by a verifier: what was signed stays as it is, or the signature is void."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import dkim
import pytest

from emailhub import mail
from emailhub.mail import Mailbox, signing

KEY = signing.new_signing_key()


def signed() -> bytes:
    draft = mail.Draft(
        message_id="a@dealer.example",
        sender=Mailbox("Servicio técnico", "support@dealer.example"),
        to=(Mailbox("", "carla@customer.example"),),
        subject="La bomba está arreglada",
        date=datetime(2026, 11, 24, 9, tzinfo=UTC),
        html="<p>Está <b>arreglada</b>.</p>",
    )
    return signing.sign(mail.compose(draft), domain="dealer.example", selector="eh1", key=KEY)


def record(name: bytes, timeout: float = 5) -> bytes:
    assert name == b"eh1._domainkey.dealer.example."
    return f"v=DKIM1; k=rsa; p={signing.public_half(KEY)}".encode()


def test_a_signed_mail_verifies_and_is_still_the_same_mail() -> None:
    raw = signed()
    assert dkim.verify(raw, dnsfunc=record)
    mail.check_finished(raw)
    assert mail.parse(raw).subject == "La bomba está arreglada"


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"support@dealer.example", b"boss@dealer.example"), (b"arreglada", b"estropeada")],
)
def test_a_changed_mail_does_not(before: bytes, after: bytes) -> None:
    assert before in signed()
    assert not dkim.verify(signed().replace(before, after, 1), dnsfunc=record)


def test_a_second_from_line_breaks_the_signature() -> None:
    """Also for verifiers that do not count them: a name more in h= than there are lines (RFC 6376 8.15)."""
    named = re.sub(rb"\s", b"", signed().partition(b"bh=")[0]).partition(b"h=")[2]
    assert named.split(b":").count(b"from") == 2
    assert not dkim.verify(b"From: boss@dealer.example\r\n" + signed(), dnsfunc=record)

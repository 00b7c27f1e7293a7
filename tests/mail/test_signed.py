"""Opaque S/MIME signatures: the mail within is read, the signature stays a file; broken ones cost nothing."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from emailhub.mail import Message, parse, protection
from emailhub.mail.signed import signed_content

HEAD = (
    b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)
WITHIN = (
    b"Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain\r\n\r\nI agree.\r\n"
    b"--in\r\nContent-Type: application/pdf; name=plan.pdf\r\n\r\n%PDF-1.4\r\n--in--\r\n"
)


@pytest.fixture(scope="module")
def der() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Carla")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    builder = pkcs7.PKCS7SignatureBuilder().set_data(WITHIN).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def opaque(der: bytes) -> Message:
    return parse(b"From: carla@farm.example\r\n" + HEAD + base64.encodebytes(der))


def test_the_mail_within_is_read_and_the_signature_is_kept(der: bytes) -> None:
    message = opaque(der)
    assert message.text.strip() == "I agree."
    assert [file.filename for file in message.attachments] == ["plan.pdf", "smime.p7m"]
    assert message.attachments[1].content == der
    assert protection(message) == "signed"


def test_a_signature_in_pieces_without_lengths_is_read() -> None:
    """BER as Outlook writes it: indefinite lengths, the content in several octet strings."""

    def open_(tag: int) -> bytes:
        return bytes([tag, 0x80])

    signed_data, data = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
    octets = b"".join(
        bytes([0x04, len(piece)]) + piece for piece in (WITHIN[:100], WITHIN[100:200], WITHIN[200:])
    )
    ber = (
        open_(0x30) + signed_data + open_(0xA0) + open_(0x30) + bytes([2, 1, 1]) + bytes([0x31, 0])
        + open_(0x30) + data + open_(0xA0) + open_(0x24) + octets + bytes(12)
    )  # fmt: skip
    assert signed_content(ber) == WITHIN
    assert opaque(ber).text.strip() == "I agree."


def test_a_broken_signature_is_a_file(der: bytes) -> None:
    for cut in range(1, len(der), 7):
        message = opaque(der[:cut])
        assert message.attachments or message.text.strip() == "I agree."


def test_signatures_within_signatures_end_somewhere(der: bytes) -> None:
    content = WITHIN
    for _ in range(60):
        content = HEAD + base64.encodebytes(_wrapped(content))
        if len(content) > 2_000_000:
            break
    assert parse(b"From: carla@farm.example\r\n" + content).attachments


def _wrapped(content: bytes) -> bytes:
    def long(tag: int, value: bytes) -> bytes:
        return bytes([tag, 0x84]) + len(value).to_bytes(4, "big") + value

    inner = bytes.fromhex("06092a864886f70d010701") + long(0xA0, long(0x04, content))
    signed = bytes([2, 1, 1, 0x31, 0]) + long(0x30, inner)
    return long(0x30, bytes.fromhex("06092a864886f70d010702") + long(0xA0, long(0x30, signed)))

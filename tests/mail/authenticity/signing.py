"""Sign mails as others' servers do, and publish the keys in a zone."""

from __future__ import annotations

import base64
from functools import cache

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

_FIELDS = [b"from", b"to", b"subject", b"date", b"message-id"]


@cache
def _key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def private_key(bits: int = 2048) -> bytes:
    return _key(bits).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def key_record(bits: int = 2048) -> str:
    public = _key(bits).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def signed(raw: bytes, domain: str, *, bits: int = 2048, length: bool = False) -> bytes:
    """The mail with a DKIM-Signature of selector "s" on top."""
    signature = dkim.sign(
        raw, b"s", domain.encode(), private_key(bits), include_headers=_FIELDS, length=length
    )
    return signature + raw


def sealed(raw: bytes, domain: str, saw: str) -> bytes:
    """The mail with an ARC set on top, by a forwarder that found what `saw` says."""
    raw = f"Authentication-Results: {domain}; {saw}\r\n".encode() + raw
    fields = dkim.arc_sign(
        raw, b"s", domain.encode(), private_key(), domain.encode(), include_headers=_FIELDS
    )
    return b"".join(fields) + raw


def key_of(domain: str, bits: int = 2048) -> dict[tuple[str, str], list[str]]:
    return {(f"s._domainkey.{domain}", "TXT"): [key_record(bits)]}

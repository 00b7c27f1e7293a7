"""DKIM signatures on mails that we send (RFC 6376), and the keys for them."""

from __future__ import annotations

import base64

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

_BITS = 2048  # what fits into one DNS answer, and every receiver checks (RFC 8301 3.2)
# What a forwarder may add or change is not signed; From is signed once more than it is there (5.4.2).
_FIELDS = (
    b"from",
    b"from",
    b"to",
    b"cc",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"reply-to",
)
_FIELDS_OF_CONTENT = (b"mime-version", b"content-type", b"content-transfer-encoding", b"auto-submitted")


def new_signing_key() -> bytes:
    """A private key, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def public_half(key: bytes) -> str:
    """What stands behind p= in the DNS."""
    public = load_pem_private_key(key, None).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def sign(content: bytes, *, domain: str, selector: str, key: bytes) -> bytes:
    """The finished mail with a signature on top."""
    signature: bytes = dkim.sign(
        content,
        selector.encode(),
        domain.encode("idna"),
        key,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[*_FIELDS, *_FIELDS_OF_CONTENT],
        linesep=b"\r\n",
    )
    return signature + content

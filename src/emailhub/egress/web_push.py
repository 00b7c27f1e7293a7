"""Web Push: a message for one browser, through its maker's service, which cannot read it.

RFC 8030 (the protocol), 8291 and 8188 (the encryption), 8292 (VAPID: who sends it). The sender's key is made
from EMAILHUB_SECRET_KEY, so nothing is stored; with another key browsers have to subscribe again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from .http import client

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD = 4096  # octets; RFC 8291 4: the message is one record
LONGEST = 3993  # octets of a message: what every service takes (RFC 8291 4)
_GONE = (401, 403, 404, 410)  # unsubscribed, or subscribed with an earlier key of ours
_KEPT_FOR = timedelta(hours=12)  # by the service, for a browser that is not there


class NotPushedError(Exception):
    """The service could not be reached, or would not take the message."""


@dataclass(frozen=True)
class Receiver:
    """A browser that wants to be told: what its PushSubscription says."""

    endpoint: str
    key: bytes  # a point of P-256, uncompressed
    secret: bytes  # 16 octets


def push(receiver: Receiver, message: bytes, *, now: datetime) -> bool:
    """Send a message. False: the browser does not want any more, or has no key. Raises NotPushedError."""
    try:
        content = encrypt(receiver, message)
    except ValueError:
        return False
    headers = {
        "Authorization": authorization(receiver.endpoint, now=now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(_KEPT_FOR.total_seconds())),
    }
    try:
        with client(max_bytes=65_536) as http:
            answer = http.post(receiver.endpoint, content=content, headers=headers)
    except httpx.HTTPError as error:
        raise NotPushedError(type(error).__name__) from error
    if answer.is_error and answer.status_code not in _GONE:
        raise NotPushedError(answer.status_code)
    return answer.is_success


def encrypt(receiver: Receiver, message: bytes) -> bytes:
    """RFC 8291: only the browser can read it. Raises ValueError for a key that is none."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, receiver.key)
    own = ec.generate_private_key(_CURVE)
    sender = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _derive(shared, receiver.secret, b"WebPush: info\0" + receiver.key + sender, 32)
    salt = secrets.token_bytes(16)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, message[:LONGEST] + b"\x02", None)  # 2: the last record
    return salt + _RECORD.to_bytes(4, "big") + bytes([len(sender)]) + sender + sealed


def authorization(endpoint: str, *, now: datetime) -> str:
    """RFC 8292: a token for this service, signed with our key."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + _KEPT_FOR).timestamp()),
        "sub": f"mailto:postmaster@{settings.MAIL_DOMAIN}",
    }
    words = [_written(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims)]
    signed = _own_key(settings.SECRET_KEY).sign(".".join(words).encode(), ec.ECDSA(SHA256()))
    both = b"".join(number.to_bytes(32, "big") for number in utils.decode_dss_signature(signed))
    return f"vapid t={'.'.join([*words, _written(both)])}, k={public_key()}"


def public_key() -> str:
    """Our key, as a browser wants it when it subscribes."""
    return _written(_point(_own_key(settings.SECRET_KEY).public_key()))


@lru_cache(maxsize=2)
def _own_key(secret: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha512(f"emailhub web push {secret}".encode()).digest(), "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, _CURVE)


def _derive(secret: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=purpose).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _written(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()

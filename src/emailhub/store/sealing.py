"""Secrets at rest: encrypted under a key that is not in the database, so that a copy of it gives none away.

The key is derived from EMAILHUB_SECRET_KEY, for each purpose another one. What an earlier key sealed opens
as long as EMAILHUB_OLD_SECRET_KEYS names that key, and reseal() puts it under the present one.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealedElsewhereError(Exception):
    """A secret was sealed under a key that is not configured here: it has to be entered anew."""


def seal(secret: bytes, *, purpose: str) -> bytes:
    """Encrypt and sign a secret (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return _cipher(purpose).encrypt(secret)


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """The secret that seal() got for the same purpose. Raises SealedElsewhereError."""
    try:
        return _cipher(purpose).decrypt(sealed)
    except InvalidToken as error:
        raise SealedElsewhereError(f"the secret ({purpose}) was sealed under another key") from error


def reseal(sealed: bytes, *, purpose: str) -> bytes:
    """The same secret under the present key. Raises SealedElsewhereError."""
    try:
        return _cipher(purpose).rotate(sealed)
    except InvalidToken as error:
        raise SealedElsewhereError(f"the secret ({purpose}) was sealed under another key") from error


def _cipher(purpose: str) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key, purpose)) for key in keys])


def _derived(key: str, purpose: str) -> bytes:
    """Fernet's 32 bytes, written as it wants them. The key is long and random: no slow hash is needed."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"emailhub {purpose} {key}".encode()).digest())

"""Secrets at rest."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from emailhub.store import sealing

SECRET = b"a relay's password"
NEW_KEY = "n" * 40


def test_a_sealed_secret_opens_for_its_purpose_alone() -> None:
    sealed = sealing.seal(SECRET, purpose="connection")
    assert SECRET not in sealed
    assert sealing.unseal(sealed, purpose="connection") == SECRET
    with pytest.raises(sealing.SealedElsewhereError):
        sealing.unseal(sealed, purpose="second factor")


def test_what_another_key_sealed_stays_closed_until_that_key_is_named(settings: LazySettings) -> None:
    sealed, old_key = sealing.seal(SECRET, purpose="connection"), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, []
    with pytest.raises(sealing.SealedElsewhereError):
        sealing.unseal(sealed, purpose="connection")
    settings.SECRET_KEY_FALLBACKS = [old_key]
    assert sealing.unseal(sealed, purpose="connection") == SECRET


def test_resealing_moves_a_secret_under_the_present_key(settings: LazySettings) -> None:
    sealed, old_key = sealing.seal(SECRET, purpose="connection"), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, [old_key]
    moved = sealing.reseal(sealed, purpose="connection")
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.unseal(moved, purpose="connection") == SECRET


def test_a_changed_byte_is_noticed() -> None:
    sealed = bytearray(sealing.seal(SECRET, purpose="connection"))
    sealed[20] ^= 1
    with pytest.raises(sealing.SealedElsewhereError):
        sealing.unseal(bytes(sealed), purpose="connection")

"""Words by which somebody asks for no more text messages, or for them again."""

from __future__ import annotations

import unicodedata
from enum import StrEnum


class Wish(StrEnum):
    STOP = "stop"
    START = "start"


# The words that gateways block a number for by themselves, and their relatives in Spanish.
_STOP = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "end",
        "quit",
        "cancel",
        "revoke",
        "optout",
        "baja",
        "alto",
        "parar",
        "pare",
        "basta",
        "cancelar",
        "detener",
        "salir",
        "desuscribir",
        "desuscribirme",
    ]
)
_START = frozenset(["start", "unstop", "yes", "alta", "iniciar", "reanudar", "suscribir", "suscribirme"])


def wish_in(text: str) -> Wish | None:
    """What the whole message is about, if it is nothing but such a word. "Yes" in a sentence is no wish."""
    plain = unicodedata.normalize("NFD", text.casefold())
    word = "".join(char for char in plain if char.isalnum() or char.isspace()).strip()
    word = "".join(word.split()) if word in ("opt out", "stop all") else word
    if word in _STOP:
        return Wish.STOP
    return Wish.START if word in _START else None

"""How many segments an SMS takes (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # an escape goes before each: two septets
_GSM_7 = (160, 153)  # septets of the only segment, and of each of several: they carry a header
_UCS_2 = (70, 67)  # the same in units of 16 bits


@dataclass(frozen=True, slots=True)
class Length:
    """What a text costs as SMS. `forcing` are the characters, each once, that make it a short-segment one."""

    characters: int
    segments: int
    encoding: str  # gsm-7 or ucs-2
    left: int  # units that still fit into the last segment
    forcing: str = ""


def measure(text: str) -> Length:
    """Count as gateways do: GSM-7 if all characters are in it, UCS-2 otherwise."""
    forcing = "".join(dict.fromkeys(char for char in text if char not in _BASIC and char not in _EXTENDED))
    widths = [_units(char) if forcing else _septets(char) for char in text]
    alone, joined = _UCS_2 if forcing else _GSM_7
    segments, left = _fill(widths, alone, joined)
    return Length(len(text), segments, "ucs-2" if forcing else "gsm-7", left, forcing)


def _septets(char: str) -> int:
    return 2 if char in _EXTENDED else 1


def _units(char: str) -> int:
    """A character outside the basic plane, as most emoji are, takes two units."""
    return 2 if ord(char) > 0xFFFF else 1


def _fill(widths: list[int], alone: int, joined: int) -> tuple[int, int]:
    """Segments and room in the last one. A character of two units is never split between segments."""
    total = sum(widths)
    if total <= alone:
        return (1 if total else 0), alone - total
    segments, used = 1, 0
    for width in widths:
        if used + width > joined:
            segments, used = segments + 1, 0
        used += width
    return segments, joined - used

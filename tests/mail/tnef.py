"""A winmail.dat as Outlook writes it ([MS-OXTNEF]), with files and a text."""

from __future__ import annotations

import struct

_SIGNATURE = 0x223E9F78
_VERSION, _CODEPAGE, _BODY = 0x00089006, 0x00069007, 0x0002800C
_RENDERING, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F


def winmail(files: dict[str, bytes], *, text: bytes = b"") -> bytes:
    pieces = [struct.pack("<IH", _SIGNATURE, 1), _piece(1, _VERSION, struct.pack("<I", 0x10000))]
    pieces.append(_piece(1, _CODEPAGE, struct.pack("<II", 1252, 0)))
    if text:
        pieces.append(_piece(1, _BODY, text + b"\x00"))
    for name, content in files.items():
        pieces.append(_piece(2, _RENDERING, bytes(14)))
        pieces.append(_piece(2, _TITLE, name.encode("cp1252") + b"\x00"))
        pieces.append(_piece(2, _DATA, content))
    return b"".join(pieces)


def _piece(level: int, attribute: int, content: bytes) -> bytes:
    return (
        struct.pack("<BII", level, attribute, len(content))
        + content
        + struct.pack("<H", sum(content) & 0xFFFF)
    )

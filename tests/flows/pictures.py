"""A real picture, made here."""

from __future__ import annotations

import struct
import zlib


def picture(width: int = 24, height: int = 16) -> bytes:
    """A PNG in one colour."""
    rows = b"".join(b"\0" + b"\x20\x80\x40" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(rows)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

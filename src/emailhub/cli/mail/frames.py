"""How this process and its reader speak: the length in eight octets, then as many octets."""

from __future__ import annotations

from typing import IO

_LENGTH = 8


def write(stream: IO[bytes], content: bytes) -> None:
    """Write one frame and let it go. Raises BrokenPipeError where nobody reads."""
    stream.write(len(content).to_bytes(_LENGTH, "big"))
    stream.write(content)
    stream.flush()


def read(stream: IO[bytes]) -> bytes | None:
    """One frame, or None at the end; a frame that is cut short counts as the end."""
    length = stream.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    size = int.from_bytes(length, "big")
    content = stream.read(size)
    return content if len(content) == size else None

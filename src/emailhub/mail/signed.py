"""The mail within an opaque S/MIME signature (RFC 8551 3.5.2): taken out to be read, not verified.

Of BER only what is needed to walk to it: ContentInfo, SignedData, encapContentInfo, eContent (RFC 5652).
"""

from __future__ import annotations

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _SET, _IDENTIFIER, _OCTETS, _CONTENT = 0x30, 0x31, 0x06, 0x04, 0xA0
_CONSTRUCTED = 0x20
_INDEFINITE = -1
_MOST_PIECES = 100_000


class _MalformedError(Exception):
    """These octets are not what they should be."""


def signed_content(der: bytes) -> bytes | None:
    """Return the mail that was signed, None where there is none or it cannot be found."""
    if _SIGNED_DATA not in der[:64]:
        return None
    try:
        return _Reader(der).content()
    except (_MalformedError, IndexError):
        return None


class _Reader:
    def __init__(self, der: bytes) -> None:
        self.der = der
        self.at = 0

    def content(self) -> bytes:
        self.enter(_SEQUENCE)  # ContentInfo
        self.skip(_IDENTIFIER)
        self.enter(_CONTENT)
        self.enter(_SEQUENCE)  # SignedData
        self.skip(0x02)
        self.skip(_SET)
        self.enter(_SEQUENCE)  # encapContentInfo
        self.skip(_IDENTIFIER)
        self.enter(_CONTENT)
        return self.octets()

    def header(self) -> tuple[int, int]:
        """Return tag and length of what begins here, and go behind them."""
        tag, length = self.der[self.at], self.der[self.at + 1]
        self.at += 2
        if length == 0x80:
            return tag, _INDEFINITE
        if length > 0x80:
            size = length & 0x7F
            if size > 8:
                raise _MalformedError
            length = int.from_bytes(self.der[self.at : self.at + size], "big")
            self.at += size
        return tag, length

    def enter(self, tag: int) -> None:
        if self.header()[0] != tag:
            raise _MalformedError

    def skip(self, tag: int) -> None:
        found, length = self.header()
        if found != tag or length == _INDEFINITE:
            raise _MalformedError
        self.at += length

    def octets(self) -> bytes:
        """Return an OCTET STRING, also one in pieces (BER 8.7.3)."""
        tag, length = self.header()
        if tag == _OCTETS:
            return self.take(length)
        if tag != _OCTETS | _CONSTRUCTED:
            raise _MalformedError
        end = len(self.der) if length == _INDEFINITE else self.at + length
        pieces: list[bytes] = []
        while self.at < end and len(pieces) < _MOST_PIECES:
            tag, size = self.header()
            if tag != _OCTETS:
                break
            pieces.append(self.take(size))
        return b"".join(pieces)

    def take(self, length: int) -> bytes:
        taken = self.der[self.at : self.at + length]
        if length < 0 or len(taken) < length:
            raise _MalformedError
        self.at += length
        return taken

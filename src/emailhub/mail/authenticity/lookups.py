"""What the checks ask of the DNS; who asks it is the caller's business (`egress`, or a test's own zone)."""

from __future__ import annotations

from typing import Protocol


class LookupFailedError(Exception):
    """The DNS gave no answer for the moment: a time-out, SERVFAIL, or too many questions for one mail."""


class Lookups(Protocol):
    """Answers of the DNS; an empty list where there is no such name or record. Raise LookupFailedError."""

    def txt(self, name: str) -> list[str]:
        """The TXT records of a name, each with its strings joined."""
        ...

    def addresses(self, name: str, *, version: int) -> list[str]:
        """The A (version 4) or AAAA (version 6) records of a name."""
        ...

    def mx(self, name: str) -> list[str]:
        """The mail exchangers of a name, the preferred one first."""
        ...

    def ptr(self, address: str) -> list[str]:
        """The names of an address."""
        ...

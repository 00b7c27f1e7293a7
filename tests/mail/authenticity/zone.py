"""A DNS of our own: a zone in the test, handed in as the look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from emailhub.mail.authenticity import LookupFailedError


@dataclass
class Zone:
    """Answers from `records` (name and kind to values); `broken` names get none. Counts what is asked."""

    records: Mapping[tuple[str, str], list[str]]
    broken: frozenset[str] = frozenset()
    asked: list[tuple[str, str]] = field(default_factory=list)

    def _find(self, name: str, kind: str) -> list[str]:
        name = name.lower().rstrip(".")
        self.asked.append((name, kind))
        if name in self.broken:
            raise LookupFailedError(name)
        return list(self.records.get((name, kind), []))

    def txt(self, name: str) -> list[str]:
        return self._find(name, "TXT")

    def addresses(self, name: str, *, version: int) -> list[str]:
        return self._find(name, "A" if version == 4 else "AAAA")

    def mx(self, name: str) -> list[str]:
        return self._find(name, "MX")

    def ptr(self, address: str) -> list[str]:
        return self._find(ip_address(address).reverse_pointer, "PTR")


def txt(**texts: str) -> dict[tuple[str, str], list[str]]:
    """TXT records; two underscores in a name stand for a dot, one more for an underscore."""
    return {(name.replace("__", "."), "TXT"): [text] for name, text in texts.items()}

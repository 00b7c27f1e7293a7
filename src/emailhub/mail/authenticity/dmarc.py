"""DMARC (RFC 7489): what a domain asks of mail in its name, and which domains stand for each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from emailhub.mail.authenticity.lookups import Lookups

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner of a domain publishes. `strict` alignment wants equal domains."""

    policy: str  # none, quarantine, reject
    strict_spf: bool = False
    strict_dkim: bool = False


def policy_of(domain: str, lookups: Lookups) -> Policy | None:
    """Return the policy for mail from a domain: its own, or that of the organisation above (6.6.3)."""
    record = _record(domain, lookups)
    key = "p"
    if record is None:
        above = organisation_of(domain)
        if above == domain:
            return None
        record, key = _record(above, lookups), "sp"
    if record is None:
        return None
    policy = record.get(key, record.get("p", "")).lower()
    if policy not in _POLICIES:
        if "rua" not in record:
            return None
        policy = "none"
    return Policy(policy, record.get("aspf", "r").lower() == "s", record.get("adkim", "r").lower() == "s")


def is_aligned(domain: str, author_domain: str, *, strict: bool) -> bool:
    """Tell whether a domain that was authenticated stands for that of From (3.1)."""
    if not domain or not author_domain:
        return False
    return domain == author_domain or (
        not strict and organisation_of(domain) == organisation_of(author_domain)
    )


def organisation_of(domain: str) -> str:
    """Return the domain that somebody registered, by the public suffix list; a suffix is its own."""
    return _suffixes().privatesuffix(domain) or domain


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # a table of 2 MB, for the processes that check

    return PublicSuffixList()


def _record(domain: str, lookups: Lookups) -> dict[str, str] | None:
    records = [tags for text in lookups.txt(f"_dmarc.{domain}") if (tags := _tags(text)) is not None]
    return records[0] if len(records) == 1 else None


def _tags(text: str) -> dict[str, str] | None:
    pairs = [piece.partition("=") for piece in text[:2_000].split(";")]
    tags = [(name.strip().lower(), value.strip()) for name, _, value in pairs if name.strip()]
    return dict(tags) if tags and tags[0] == ("v", "DMARC1") else None

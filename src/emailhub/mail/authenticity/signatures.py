"""DKIM (RFC 6376) and ARC (RFC 8617), by dkimpy with our look-ups and limits on what a mail may cost."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

import dkim

from emailhub.mail.authenticity.lookups import LookupFailedError, Lookups

_MOST_SIGNATURES = 5  # of one mail that are checked
_MOST_SETS = 10  # of an ARC chain
_LONGEST_KEY = 1_600  # characters of a key record; one of 8,192 bits has 1,400
_SMALLEST_KEY = 1024
# dkimpy's pattern for white space at the end of lines takes the square of such a run.
_LONG_RUN = re.compile(rb"[ \t]{2000}")
# What dkimpy raises on signatures that are none.
_UNREADABLE = (dkim.DKIMException, ValueError, KeyError, TypeError, IndexError)
_quiet = logging.getLogger("emailhub.mail.dkim")  # a logger of its own: dkimpy's default writes to stderr
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature: the domain that signed, and pass, fail, permerror or temperror."""

    domain: str
    result: str


@dataclass(frozen=True, slots=True)
class Chain:
    """An ARC chain: pass, fail or none, and of the last seal its domain and what it says it saw."""

    result: str = "none"
    sealer: str = ""
    saw: str = ""  # the last ARC-Authentication-Results without its instance


def check_dkim(raw: bytes, lookups: Lookups) -> list[Signature]:
    """Return what is true of each signature, at most five. One with l= leaves text unsigned, and fails."""
    try:
        signer = dkim.DKIM(raw, logger=_quiet, minkey=_SMALLEST_KEY)
    except _UNREADABLE:  # junk in the header: nothing that anybody signed
        return []
    found = [value for name, value in signer.headers if name.lower() == b"dkim-signature"]
    results = []
    for number, value in enumerate(found[:_MOST_SIGNATURES]):
        domain, limited = _domain_of(value)
        if limited or _LONG_RUN.search(signer.body):
            results.append(Signature(domain, "permerror"))
        else:
            results.append(Signature(domain, _verified(signer, number, lookups)))
    return results


def _domain_of(value: bytes) -> tuple[str, bool]:
    """Return d= of a signature, and whether l= limits it to the beginning of the body."""
    try:
        tags = dkim.parse_tag_value(value)
    except dkim.InvalidTagValueList:
        return "", False
    return tags.get(b"d", b"").decode("ascii", "replace").strip().lower().rstrip("."), b"l" in tags


def _verified(signer: dkim.DKIM, number: int, lookups: Lookups) -> str:
    try:
        return "pass" if signer.verify(number, dnsfunc=_key_lookup(lookups)) else "fail"
    except LookupFailedError:
        return "temperror"
    except dkim.ValidationError:
        return "fail"
    except _UNREADABLE:
        return "permerror"


def check_arc(raw: bytes, lookups: Lookups) -> Chain:
    """Return whether the chain of seals is whole, and what its last seal stands for."""
    try:
        sealed = dkim.ARC(raw, logger=_quiet, minkey=_SMALLEST_KEY)
    except _UNREADABLE:
        return Chain()
    if not any(name.lower() == b"arc-seal" for name, _ in sealed.headers):
        return Chain()
    if _LONG_RUN.search(sealed.body) or len(sealed.headers) > 1_000:
        return Chain("fail")
    try:
        most, _ = sealed.sorted_arc_headers()
        if most > _MOST_SETS:
            return Chain("fail")
        result, sets, _ = sealed.verify(dnsfunc=_key_lookup(lookups))
    except LookupFailedError:
        return Chain("temperror")
    except _UNREADABLE:
        return Chain("fail")
    if result != dkim.CV_Pass or not sets:
        return Chain("fail")
    return Chain("pass", _text(sets[0]["as-domain"]).lower(), _text(sets[0]["aar-value"]))


def _key_lookup(lookups: Lookups) -> Callable[..., bytes | None]:
    def look_up(name: bytes | str, timeout: float = 0) -> bytes | None:
        text = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        records = lookups.txt(text.rstrip("."))
        return records[0].encode() if records and len(records[0]) <= _LONGEST_KEY else None

    return look_up


def _text(value: bytes) -> str:
    return " ".join(value.decode("utf-8", "replace").split())

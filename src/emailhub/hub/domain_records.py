"""What has to stand in a company's zone so that its mail may leave by our relay, and what is wrong. Pure.

DKIM with the domain of From is what DMARC needs, and it survives a forward. SPF is asked of the envelope's
domain, which is ours; so nothing about SPF is needed, and a DMARC policy that is there is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from emailhub.egress.zones import Answer
from emailhub.mail.authenticity import LookupFailedError

Ask = Callable[[str], Answer]  # the texts at a name; raises LookupFailedError
PREFIX = "_emailhub-verify"
_KEY = re.compile(r"(?:^|;)\s*p\s*=\s*([^;]*)")


class Purpose(StrEnum):
    OWNERSHIP = "ownership"
    DKIM = "dkim"
    DMARC = "dmarc"
    SPF = "spf"


class State(StrEnum):
    OK = "ok"
    MISSING = "missing"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"  # no server of the zone answered


class Mistake(StrEnum):
    """What is known to go wrong, told with its remedy."""

    NONE = ""
    DOUBLED_DOMAIN = "doubled_domain"  # the zone's editor put the domain behind a name that had it already
    WRONG_HOST = "wrong_host"  # the value stands at the domain itself
    QUOTED = "quoted"  # quotation marks or backslashes became part of the value
    CUT = "cut"  # the key is not whole
    OTHER_KEY = "other_key"
    SEVERAL = "several"  # two records where one has to be
    ALIAS_ELSEWHERE = "alias_elsewhere"  # a CNAME that leads to nothing of ours


@dataclass(frozen=True)
class Key:
    """A DKIM key's public half at its selector; `value` is the base64 of p=."""

    selector: str
    value: str

    @property
    def record(self) -> str:
        return f"v=DKIM1; k=rsa; p={self.value}"


@dataclass(frozen=True)
class Record:
    """One record: its name without and with the domain, what should stand there and what does."""

    purpose: Purpose
    host: str
    domain: str
    expected: str
    found: tuple[str, ...] = ()
    state: State = State.MISSING
    mistake: Mistake = Mistake.NONE
    required: bool = True

    @property
    def name(self) -> str:
        return f"{self.host}.{self.domain}" if self.host != "@" else self.domain


def read_record(stored: Mapping[str, Any]) -> Record:
    """A record from the JSON that asdict() made of it."""
    typed = {
        "purpose": Purpose(stored["purpose"]),
        "state": State(stored["state"]),
        "mistake": Mistake(stored["mistake"]),
        "found": tuple(stored["found"]),
    }
    return Record(**{**stored, **typed})


def check_domain(domain: str, challenge: str, keys: list[Key], ask: Ask) -> list[Record]:
    """Every record as it stands now."""
    return [
        _checked(Record(Purpose.OWNERSHIP, PREFIX, domain, challenge), ask, _is_challenge),
        *(
            _checked(Record(Purpose.DKIM, f"{key.selector}._domainkey", domain, key.record), ask, _is_key)
            for key in keys
        ),
        _dmarc(domain, ask),
        *_spf(domain, ask),
    ]


def may_send(records: list[Record]) -> bool:
    """Whether what is required stands there. Of several DKIM keys one is enough: the other is the next."""
    has = {record.purpose for record in records if record.state is State.OK}
    return {Purpose.OWNERSHIP, Purpose.DKIM} <= has


def is_unknown(records: list[Record]) -> bool:
    """Whether the zone's servers were silent, which proves nothing against the company."""
    return any(record.required and record.state is State.UNKNOWN for record in records)


def _checked(record: Record, ask: Ask, fits: Callable[[str, str], Mistake | None]) -> Record:
    try:
        found = ask(record.name)
        judged = [fits(value, record.expected) for value in found.values]
        if None in judged:
            several = record.purpose is Purpose.DKIM and len(found.values) > 1
            return _with(record, found, State.MISMATCH, Mistake.SEVERAL) if several else _ok(record, found)
        if found.values:
            return _with(record, found, State.MISMATCH, judged[0] or Mistake.NONE)
        return _nothing(record, found, ask, fits)
    except LookupFailedError:
        return _with(record, Answer(), State.UNKNOWN, Mistake.NONE)


def _nothing(record: Record, found: Answer, ask: Ask, fits: Callable[[str, str], Mistake | None]) -> Record:
    """Nothing stands there: perhaps it stands where people put it by mistake."""
    if found.alias:
        mistake = (
            Mistake.DOUBLED_DOMAIN if found.alias.endswith(f".{record.domain}") else Mistake.ALIAS_ELSEWHERE
        )
        return _with(record, Answer((found.alias,)), State.MISMATCH, mistake)
    places = {
        f"{record.name}.{record.domain}": Mistake.DOUBLED_DOMAIN,
        record.domain: Mistake.WRONG_HOST,
    }
    for place, mistake in places.items():
        values = tuple(value for value in ask(place).values if fits(value, record.expected) is None)
        if values:
            return _with(record, Answer((f"{place}: {values[0]}",)), State.MISSING, mistake)
    return record


def _is_challenge(value: str, expected: str) -> Mistake | None:
    """None: it fits."""
    if value.strip() == expected:
        return None
    return Mistake.QUOTED if _bare(value) == expected else Mistake.NONE


def _is_key(value: str, expected: str) -> Mistake | None:
    """None: it is our key, however its tags are spaced and ordered (RFC 6376 3.2)."""
    ours, theirs = _p(expected), _p(value)
    if _bare(value) != value.strip() and _p(_bare(value)) == ours:
        return Mistake.QUOTED
    if theirs == ours:
        return None
    cut = len(theirs) > 20 and (ours.startswith(theirs) or ours.endswith(theirs))
    return Mistake.CUT if cut else Mistake.OTHER_KEY


def _p(record: str) -> str:
    found = _KEY.search(record)
    return re.sub(r"\s", "", found[1]) if found else ""


def _bare(value: str) -> str:
    """A value without the marks by which zone files hold strings together."""
    return re.sub(r'"\s*"|["\\]', "", value).strip()


def _dmarc(domain: str, ask: Ask) -> Record:
    """What is there is right, whatever it says; where nothing is, the gentlest policy is proposed."""
    record = Record(Purpose.DMARC, "_dmarc", domain, "v=DMARC1; p=none", required=False)
    try:
        found = tuple(
            value for value in ask(record.name).values if value.strip().lower().startswith("v=dmarc1")
        )
    except LookupFailedError:
        return _with(record, Answer(), State.UNKNOWN, Mistake.NONE)
    if len(found) > 1:
        return _with(record, Answer(found), State.MISMATCH, Mistake.SEVERAL)
    return _ok(record, Answer(found)) if found else record


def _spf(domain: str, ask: Ask) -> list[Record]:
    """Shown only where two records make every SPF check of the domain fail."""
    record = Record(Purpose.SPF, "@", domain, "", required=False)
    try:
        found = tuple(v for v in ask(domain).values if re.match(r"v=spf1(\s|$)", v, re.IGNORECASE))
    except LookupFailedError:
        return []
    return [_with(record, Answer(found), State.MISMATCH, Mistake.SEVERAL)] if len(found) > 1 else []


def _ok(record: Record, found: Answer) -> Record:
    return _with(record, found, State.OK, Mistake.NONE)


def _with(record: Record, found: Answer, state: State, mistake: Mistake) -> Record:
    return Record(
        record.purpose,
        record.host,
        record.domain,
        record.expected,
        found.values,
        state,
        mistake,
        record.required,
    )

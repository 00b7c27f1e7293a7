"""Facts and letters as JSON and back, so that a decision can be taken once more by what was known then.

What has its default is left out: it takes less room, and a fact that a later version adds has a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from emailhub.rules.facts import (
    Action,
    Contact,
    Facts,
    Reference,
    ReferenceKind,
    RuleMatch,
    Sender,
    Status,
    Ticket,
    Verdict,
)
from emailhub.rules.matching import Letter

_Value = TypeVar("_Value", Facts, Sender, Contact, Ticket, Reference, RuleMatch, Letter)
Json = dict[str, Any]
MOST_TICKETS = 50  # of a sender with very many open ones the rest decides nothing


def dump_facts(facts: Facts) -> Json:
    """Return the facts as JSON has them."""
    dumped = _dump(facts)
    if "open_tickets" in dumped:
        dumped["open_tickets"] = dumped["open_tickets"][:MOST_TICKETS]
    return dumped


def load_facts(stored: Json) -> Facts:
    """Return the facts that were stored. What a later version knows and this one does not is left out."""
    return _load(Facts, stored)


def dump_letter(letter: Letter) -> Json:
    """Return the letter as JSON has it, without its body, which is kept with the mail."""
    return {name: value for name, value in _dump(letter).items() if name != "body"}


def load_letter(stored: Json, body: str) -> Letter:
    return _load(Letter, {**stored, "body": body})


def _dump(value: Any) -> Json:
    return {
        field.name: _plain(getattr(value, field.name))
        for field in fields(value)
        if field.compare and getattr(value, field.name) != _default(field)
    }


def _default(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | int | bool) else _dump(value)


def _load(model: type[_Value], stored: Json) -> _Value:
    known = {field.name for field in fields(model)}
    return model(**{name: _read(name, value) for name, value in stored.items() if name in known})


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MANY:
        return tuple(_MANY[name](each) for each in value)
    return _ONE[name](value) if name in _ONE else value


def _nested(model: type[_Value]) -> Callable[[Json], _Value]:
    return lambda stored: _load(model, stored)


def _enum(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    return kind


_ONE: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("now", "last_activity_at", "closed_at"), datetime.fromisoformat),
    "sender": _nested(Sender),
    "contact": _nested(Contact),
    "ticket": _nested(Ticket),
    "rule": _nested(RuleMatch),
    "verdict": _enum(Verdict),
    "status": _enum(Status),
    "kind": _enum(ReferenceKind),
    "action": _enum(Action),
}
_MANY: Mapping[str, Callable[[Any], Any]] = {
    "references": _nested(Reference),
    "open_tickets": _nested(Ticket),
    **dict.fromkeys(("received_at", "recipients", "segments"), str),
}

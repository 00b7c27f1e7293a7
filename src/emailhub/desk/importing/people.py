"""What one row says of a person, or why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from emailhub import mail
from emailhub.accounts.models import Language

from ..contacts import FIELDS
from ..errors import BadPhoneError
from ..phones import read_phone
from .columns import Field
from .reasons import Reason, RowError

_SEVERAL = re.compile(r"\s*(?:[;|\n]|:::)\s*")
_SEVERAL_ADDRESSES = re.compile(r"[\s;,|]+|:::")
_SEVERAL_SEGMENTS = re.compile(r"\s*(?:[;|,\n]|:::)\s*")
_AGAINST_FORMULAS = re.compile(r"^'(?=[=+\-@\t\r])")  # as exports write them (export.without_formula)
_LANGUAGES = {
    Language.SPANISH: {"es", "espanol", "español", "castellano", "spanish", "spa", "esp"},
    Language.ENGLISH: {"en", "ingles", "inglés", "english", "eng"},
}


@dataclass(frozen=True)
class Person:
    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    organisation: str = ""
    account_number: str = ""
    language: str = ""
    segments: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """What stands in the contact's own row."""
        return {name: getattr(self, name) for name in FIELDS}


def read_person(cells: Sequence[str], mapping: Sequence[str], *, region: str | None) -> Person:
    """The person of a row. Raises RowError, which says what is wrong with it."""
    if any(cells[len(mapping) :]):
        raise RowError(Reason.TOO_MANY_CELLS, f"{len(cells)} > {len(mapping)}")
    found: dict[str, list[str]] = {}
    for cell, field in zip(cells, mapping, strict=False):
        if field and cell:
            found.setdefault(field, []).append(_AGAINST_FORMULAS.sub("", cell).strip())
    emails, phones = _emails(found), _phones(found, region)
    name = _name(found)
    if not (name or emails or phones):
        raise RowError(Reason.EMPTY)
    person = Person(
        name=name or (emails[0].partition("@")[0] if emails else phones[0]),
        emails=emails,
        phones=phones,
        organisation=_first(found, Field.ORGANISATION),
        account_number=_first(found, Field.ACCOUNT_NUMBER),
        language=_language(_first(found, Field.LANGUAGE)),
        segments=_segments(found),
    )
    _check_lengths(person)
    return person


def _name(found: dict[str, list[str]]) -> str:
    parts = found.get(Field.NAME) or [*found.get(Field.FIRST_NAME, ()), *found.get(Field.LAST_NAME, ())]
    return " ".join(" ".join(parts).split())


def _emails(found: dict[str, list[str]]) -> tuple[str, ...]:
    cells = found.get(Field.EMAIL, ())
    written = [part for cell in cells for part in _SEVERAL_ADDRESSES.split(cell) if part]
    addresses = [mail.normal_address(part.strip("<>")) for part in written]
    for address, part in zip(addresses, written, strict=True):
        if not mail.is_sendable(address):
            raise RowError(Reason.BAD_ADDRESS, part)
    return _once(addresses)


def _phones(found: dict[str, list[str]], region: str | None) -> tuple[str, ...]:
    written = [part for cell in found.get(Field.PHONE, ()) for part in _SEVERAL.split(cell) if part]
    try:
        return _once(read_phone(part, region=region) for part in written)
    except BadPhoneError as error:
        raise RowError(Reason.BAD_PHONE, error.number) from error


def _segments(found: dict[str, list[str]]) -> tuple[str, ...]:
    cells = found.get(Field.SEGMENTS, ())
    names = [" ".join(part.split()) for cell in cells for part in _SEVERAL_SEGMENTS.split(cell)]
    for name in names:
        if len(name) > 100:
            raise RowError(Reason.TOO_LONG, name)
    return tuple({name.casefold(): name for name in names if name}.values())


def _language(cell: str) -> str:
    if not cell:
        return ""
    word = re.split(r"[-_ (]", cell.casefold())[0]
    for language, names in _LANGUAGES.items():
        if word in names:
            return language
    raise RowError(Reason.BAD_LANGUAGE, cell)


def _check_lengths(person: Person) -> None:
    for field, length in FIELDS.items():
        if len(value := getattr(person, field)) > length:
            raise RowError(Reason.TOO_LONG, value)


def _first(found: dict[str, list[str]], field: Field) -> str:
    return " ".join(found[field][0].split()) if field in found else ""


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))

"""Telephone numbers: read as people write them, kept as E.164, shown in groups."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

from emailhub.accounts.models import Company

from .errors import BadPhoneError

_WRITTEN = re.compile(r"\+?[\d\s()./\-\u00a0\u2010-\u2015]+")  # anything else hides a second number or a word


def read_phone(number: str, *, region: str | None) -> str:
    """The number in E.164, like +34600111222. One without a country code is of the region.

    Raises BadPhoneError for what is no whole number of that country. Whether somebody has it, only a call
    can tell: a number of the right length is taken.
    """
    written = number.strip().removeprefix("tel:")
    if not _WRITTEN.fullmatch(written):
        raise BadPhoneError(number)
    if written.startswith("00"):
        written = "+" + written[2:]
    try:
        parsed = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as error:
        raise BadPhoneError(number) from error
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        raise BadPhoneError(number)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def show_phone(number: str) -> str:
    """The number in groups, with its country code; what is not E.164 as it is."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def region_of(company: Company) -> str | None:
    """The country whose numbers the company writes without a code: that of its time zone."""
    return _countries().get(company.time_zone)


@cache
def _countries() -> dict[str, str]:
    """The country of each time zone, as the time zone database itself says it."""
    for text in _tables():
        rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
        return {zone: country for country, _, zone, *_ in rows}
    return {}


def _tables() -> Iterator[str]:
    for folder in zoneinfo.TZPATH:
        table = Path(folder) / "zone.tab"
        if table.is_file():
            yield table.read_text(encoding="utf-8")
    try:
        yield resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return

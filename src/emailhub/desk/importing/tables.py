"""Read a file of comma-separated values, whichever program wrote it."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass

from ..errors import UnreadableFileError

ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp850", "mac_roman")
DELIMITERS = (",", ";", "\t", "|")
MOST_ROWS = 200_000
_SAMPLE = 64_000
_LETTERS = frozenset("áéíóúüñçàèòâêôäößãõÁÉÍÓÚÜÑÇÀÈÒÄÖºª¿¡€")


@dataclass(frozen=True)
class Form:
    """How a file is written."""

    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Record:
    """A row with its number in a spreadsheet, where the first one is 1."""

    number: int
    cells: list[str]


def find_form(content: bytes) -> Form:
    """How the file seems to be written. The person who imports it sees the result and can correct it."""
    encoding = _encoding(content)
    return Form(encoding, _delimiter(_decode(content, encoding)[:_SAMPLE]))


def read_records(content: bytes, form: Form) -> list[Record]:
    """All rows that hold something. Raises UnreadableFileError."""
    text = _decode(content, form.encoding)
    first = 1
    if text[:4].lower() == "sep=":  # Excel's word about the delimiter is no row
        text, first = text.partition("\n")[2], 2
    try:
        rows = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter), first)
        records = [Record(number, [cell.strip() for cell in row]) for number, row in rows if any(row)]
    except csv.Error as error:
        raise UnreadableFileError(str(error)) from error
    if len(records) > MOST_ROWS:
        raise UnreadableFileError(f"more than {MOST_ROWS} rows")
    return records


def _decode(content: bytes, encoding: str) -> str:
    text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")
    return text.replace("\0", "")


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        sample = content[:_SAMPLE]
        return max(("cp1252", "cp850", "mac_roman"), key=lambda name: _plausibility(sample, name))
    return "utf-8"


def _plausibility(sample: bytes, encoding: str) -> int:
    """How many of the bytes beyond ASCII are letters that people's names have, less those that are not."""
    odd = [character for character in sample.decode(encoding, errors="replace") if ord(character) > 127]
    good = sum(character in _LETTERS for character in odd)
    return good - 2 * (len(odd) - good)


def _delimiter(text: str) -> str:
    first, _, _ = text.partition("\n")
    if first[:4].lower() == "sep=" and first[4:5] in DELIMITERS:
        return first[4:5]
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[int, int]:
    """In how many rows it makes the usual number of columns, and how many those are."""
    lines = text.splitlines(keepends=True)
    try:
        widths = [len(row) for row in csv.reader(lines[:200], delimiter=delimiter) if any(row)]
    except csv.Error:
        return 0, 0
    usual, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return (times, usual) if usual > 1 else (0, usual)

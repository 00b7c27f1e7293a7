"""Contacts as a file for spreadsheets, in which nothing is a formula. Our own import reads it again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor

from .directory import Selection, in_batches, read_batch
from .models import Contact
from .permissions import require_contact_management
from .phones import show_phone

HEADER = ("Name", "Email", "Phone", "Organisation", "Account number", "Language", "Segments", "Known since")
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_contacts(advisor: Advisor, selection: Selection, *, now: datetime) -> Iterator[bytes]:
    """The contacts of a list as CSV in UTF-8, piece by piece. Raises ContactsNotAllowedError at once.

    Each piece reads the database: use it up inside the company.
    """
    require_contact_management(advisor)
    audit.record(
        audit.Kind.CONTACT, "CSV", by=advisor, at=now, exported=audit.Change("", selection.words or "*")
    )
    return _pieces(advisor, selection)


def as_csv(rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> bytes:
    """Rows of text as CSV, no cell of which a spreadsheet takes for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([without_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def without_formula(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would compute."""
    return f"'{cell}" if cell.startswith(_BEGINS_FORMULA) else cell


def _pieces(advisor: Advisor, selection: Selection) -> Iterator[bytes]:
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode()  # Excel takes a file without it for one in cp1252
    yield as_csv([HEADER])
    for ids in in_batches(advisor, selection):
        yield as_csv([_row(contact) for contact in read_batch(advisor, ids)])


def _row(contact: Contact) -> tuple[str, ...]:
    return (
        contact.name,
        "; ".join(email.address for email in contact.emails.all()),
        "; ".join(show_phone(phone.number) for phone in contact.phones.all()),
        contact.organisation,
        contact.account_number,
        contact.language,
        "; ".join(sorted(segment.name for segment in contact.segments.all())),
        contact.confirmed_at.date().isoformat() if contact.confirmed_at else "",
    )

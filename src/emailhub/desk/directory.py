"""The company's contacts as a list: by name, filtered, a page at a time however many there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch

from emailhub.accounts.models import Advisor

from .models import Contact, ContactEmail, ContactPhone
from .queries import ContactQuerySet

PAGE_SIZE = 50
_EVERYBODY = 2**31 - 1
_COUNTED = 10_000


@dataclass(frozen=True)
class Selection:
    """Which contacts a list shows."""

    words: str = ""  # each is in the name, organisation or account number; or all in an address or number
    segment_id: int | None = None
    unconfirmed: bool = False

    @property
    def is_all(self) -> bool:
        return self == Selection()


@dataclass(frozen=True)
class ContactPage:
    """Contacts of a list, and where the next page starts: an empty mark means that there is none."""

    rows: list[Contact]
    next: str


def page_of(advisor: Advisor, selection: Selection, after: str = "", size: int = PAGE_SIZE) -> ContactPage:
    """One page by name, each contact with its addresses, numbers and segments at hand."""
    ids = _ids(advisor, selection, _read_mark(after), size + 1)
    rows = _in_order(advisor, ids[:size])
    return ContactPage(rows, _mark(rows[-1]) if len(ids) > size and rows else "")


def selected(advisor: Advisor, selection: Selection) -> ContactQuerySet:
    """All contacts of a list, for what is done to all of them."""
    ids = _ids(advisor, selection, ("", 0), _EVERYBODY)
    return Contact.objects.visible_to(advisor).filter(pk__in=ids)


def in_batches(advisor: Advisor, selection: Selection) -> list[list[int]]:
    """The ids of a list by name, in pieces that can be read one after the other."""
    ids = _ids(advisor, selection, ("", 0), _EVERYBODY)
    return [ids[start : start + 1000] for start in range(0, len(ids), 1000)]


def read_batch(advisor: Advisor, ids: list[int]) -> list[Contact]:
    """These contacts in this order, with all that is known of them at hand."""
    return _in_order(advisor, ids)


def count_all(advisor: Advisor) -> int:
    """How many contacts there are; beyond ten thousand nobody counts on."""
    known = Contact.objects.visible_to(advisor).filter(erased_at__isnull=True)
    return known.order_by()[: _COUNTED + 1].count()


def _in_order(advisor: Advisor, ids: list[int]) -> list[Contact]:
    ways = (
        Prefetch("emails", ContactEmail.objects.order_by("-is_primary", "id")),
        Prefetch("phones", ContactPhone.objects.order_by("-is_primary", "id")),
    )
    found = Contact.objects.visible_to(advisor).prefetch_related(*ways, "segments").in_bulk(ids)
    return [found[id] for id in ids if id in found]


def _ids(advisor: Advisor, selection: Selection, after: tuple[str, int], at_most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id FROM list_contacts(%s, %s, %s, %s, %s, %s, %s)",
            [
                advisor.company_id,
                " ".join(selection.words.split())[:200],
                selection.segment_id,
                selection.unconfirmed,
                *after,
                at_most,
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def _mark(contact: Contact) -> str:
    return f"{contact.pk}_{contact.sort_name}"


def _read_mark(mark: str) -> tuple[str, int]:
    """Where a page starts; for a mark that somebody typed, at the top."""
    number, _, name = mark.partition("_")
    return (name, int(number)) if number.isdecimal() and len(number) < 19 else ("", 0)

"""Take back what a row of an import did, as far as nobody has built on it since."""

from __future__ import annotations

from typing import Any

from ..models import Contact, ContactEmail, ContactPhone, ImportRow, Message, SegmentMember
from .reasons import Reason

State = ImportRow.State


def undo(row: ImportRow) -> None:
    """Undo one row and note on it what was done. The caller stores the row.

    A contact that the row made goes, unless it has tickets or mail or was changed by hand since. Of one
    that was there before, each value goes back that is still what the row made it.
    """
    contact = Contact.objects.select_for_update(of=("self",)).filter(pk=row.contact_id or 0).first()
    if contact is None:  # deleted by hand, or erased
        row.state = State.UNDONE
    elif row.state == State.CREATED:
        _undo_creation(row, contact)
    else:
        _undo_changes(contact, row.changes)
        row.state = State.UNDONE


def _undo_creation(row: ImportRow, contact: Contact) -> None:
    if contact.tickets.exists() or Message.objects.filter(contact=contact).exists():
        row.state, row.reason, row.detail = State.KEPT, Reason.IN_USE, contact.name
    elif _was_changed(contact, row.changes):
        row.state, row.reason, row.detail = State.KEPT, Reason.CHANGED, contact.name
    else:
        row.contact = None
        row.state = State.UNDONE
        contact.import_rows.update(contact=None)
        contact.delete()


def _was_changed(contact: Contact, changes: dict[str, Any]) -> bool:
    """Whether something of it is not as the row left it."""
    fields = any(getattr(contact, name) != after for name, (_, after) in changes["fields"].items())
    emails = set(contact.emails.values_list("address", flat=True)) != set(changes["emails"])
    phones = set(contact.phones.values_list("number", flat=True)) != set(changes["phones"])
    return fields or emails or phones or contact.shared_sender or contact.merges.exists()


def _undo_changes(contact: Contact, changes: dict[str, Any]) -> None:
    restored = {
        name: before
        for name, (before, after) in changes.get("fields", {}).items()
        if getattr(contact, name) == after
    }
    for name, before in restored.items():
        setattr(contact, name, before)
    if changes.get("confirmed"):
        contact.confirmed_at = None
        restored["confirmed_at"] = None
    if restored:
        contact.save(update_fields=list(restored))
    ContactEmail.objects.filter(contact=contact, address__in=changes.get("emails", [])).delete()
    ContactPhone.objects.filter(contact=contact, number__in=changes.get("phones", [])).delete()
    SegmentMember.objects.filter(contact=contact, segment_id__in=changes.get("segments", [])).delete()

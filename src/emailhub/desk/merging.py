"""Make two contacts one. It cannot be undone: whose an address was is not known any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor

from .contacts import FIELDS, announce_change
from .errors import SameContactError
from .models import (
    ChatMessage,
    Contact,
    ContactEmail,
    ContactMerge,
    ContactPhone,
    ImportRow,
    Message,
    SegmentMember,
)
from .permissions import require_contacts
from .senders import hold_mail_from


@dataclass(frozen=True)
class MergePreview:
    """What merging would do. Fields of the one that goes are taken where the other one has none."""

    taken: dict[str, str]  # by field
    dropped: dict[str, str]  # what the one that goes says differently: it is lost
    emails: list[str]
    phones: list[str]
    segments: list[str]
    tickets: int  # of all teams, also of those that the advisor cannot read
    shared_sender: bool  # of the two together


def preview_merge(kept: Contact, gone: Contact) -> MergePreview:
    """Say what merge() would do. Raises SameContactError."""
    _require_two(kept, gone)
    said = {field: getattr(gone, field) for field in FIELDS if getattr(gone, field)}
    return MergePreview(
        taken={field: value for field, value in said.items() if not getattr(kept, field)},
        dropped={field: value for field, value in said.items() if getattr(kept, field) not in ("", value)},
        emails=[email.address for email in gone.emails.order_by("id")],
        phones=[phone.number for phone in gone.phones.order_by("id")],
        segments=sorted(set(_segment_names(gone)) - set(_segment_names(kept))),
        tickets=gone.tickets.count(),
        shared_sender=kept.shared_sender or gone.shared_sender,
    )


def merge(kept: Contact, gone: Contact, *, by: Advisor, now: datetime) -> None:
    """Give `kept` all that `gone` has, and delete `gone`: tickets, mails, addresses, numbers, segments.

    Open tickets stay apart. Later mail from an address of `gone` is mail of `kept`.
    Raises ContactsNotAllowedError, SameContactError.
    """
    require_contacts(by)
    _require_two(kept, gone)
    with transaction.atomic():
        addresses = ContactEmail.objects.filter(contact__in=[kept, gone]).values_list("address", flat=True)
        hold_mail_from(kept.company_id, addresses)
        kept, gone = _lock(kept, gone)
        _move_tickets(kept, gone, by=by, now=now)
        _move_ways(kept, gone)
        _move_the_rest(kept, gone)
        _complete(kept, gone)
        ContactMerge.objects.create(
            company_id=kept.company_id, contact=kept, merged_id=gone.pk, merged_name=gone.name, by=by, at=now
        )
        audit.record(
            audit.Kind.CONTACT,
            f"#{kept.pk}",
            by=by,
            at=now,
            merged=audit.Change("", f"#{gone.pk}"),
        )
        gone.delete()
        announce_change(kept)


def survivor_of(company_id: int, contact_id: int) -> int | None:
    """Into which contact the one that had this id was merged, if it was."""
    merges = ContactMerge.objects.filter(company_id=company_id, merged_id=contact_id)
    return merges.values_list("contact_id", flat=True).first()


def _require_two(kept: Contact, gone: Contact) -> None:
    if kept.pk == gone.pk or kept.erased_at or gone.erased_at:
        raise SameContactError


def _lock(kept: Contact, gone: Contact) -> tuple[Contact, Contact]:
    """Both as they are now, locked in the order of their ids: two merges never wait for each other."""
    found = Contact.objects.select_for_update(of=("self",)).order_by("pk").in_bulk([kept.pk, gone.pk])
    if len(found) < 2:
        raise SameContactError  # somebody else merged one of them in the meantime
    return found[kept.pk], found[gone.pk]


def _move_tickets(kept: Contact, gone: Contact, *, by: Advisor, now: datetime) -> None:
    for ticket in gone.tickets.select_related("contact").select_for_update(of=("self",)).order_by("pk"):
        ticket.change_contact(kept, by=by, now=now)
    Message.objects.filter(contact=gone).update(contact=kept)
    ChatMessage.objects.filter(contact=gone).update(contact=kept)


def _move_ways(kept: Contact, gone: Contact) -> None:
    """Their addresses and numbers; the primary ones stay those of `kept`, if it has any."""
    for model in (ContactEmail, ContactPhone):
        ways = model._default_manager
        if ways.filter(contact=kept).exists():
            ways.filter(contact=gone).update(is_primary=False)
        ways.filter(contact=gone).update(contact=kept)


def _move_the_rest(kept: Contact, gone: Contact) -> None:
    there = kept.segment_members.values("segment_id")
    SegmentMember.objects.filter(contact=gone).exclude(segment_id__in=there).update(contact=kept)
    ImportRow.objects.filter(contact=gone).update(contact=kept)
    ContactMerge.objects.filter(contact=gone).update(contact=kept)


def _complete(kept: Contact, gone: Contact) -> None:
    for field in FIELDS:
        setattr(kept, field, getattr(kept, field) or getattr(gone, field))
    known = [at for at in (kept.confirmed_at, gone.confirmed_at) if at is not None]
    kept.confirmed_at = min(known, default=None)
    kept.shared_sender = kept.shared_sender or gone.shared_sender
    kept.save(update_fields=[*FIELDS, "confirmed_at", "shared_sender"])


def _segment_names(contact: Contact) -> list[str]:
    return list(contact.segments.values_list("name", flat=True))

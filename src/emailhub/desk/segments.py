"""Segments: labels that contacts are given one by one, many at once, or by an import."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Count

from emailhub.accounts.models import Advisor, Company

from .errors import NoNameError, SegmentTakenError
from .models import Contact, Segment, SegmentMember
from .permissions import require_contacts
from .queries import ContactQuerySet

_BATCH = 5000


def segments_of(company: Company) -> list[Segment]:
    """All of the company, by name."""
    return list(Segment.objects.filter(company=company).order_by("name", "pk"))


def counted_segments(company: Company) -> list[Segment]:
    """The same, each with the number of its contacts as `size`."""
    return list(
        Segment.objects.filter(company=company).annotate(size=Count("members")).order_by("name", "pk")
    )


def create_segment(company: Company, name: str, *, by: Advisor) -> Segment:
    """Make a segment. Raises NoNameError, SegmentTakenError."""
    require_contacts(by)
    return _save(Segment(company=company), name)


def rename_segment(segment: Segment, name: str, *, by: Advisor) -> None:
    """Name it differently: whoever is in it stays in it. Raises NoNameError, SegmentTakenError."""
    require_contacts(by)
    _save(segment, name)


def delete_segment(segment: Segment, *, by: Advisor) -> None:
    """Take the label away from everybody. The contacts stay."""
    require_contacts(by)
    segment.delete()


def find_or_create_segment(company_id: int, name: str) -> Segment:
    """The segment of this name in any case, or a new one."""
    name = _clean(name)
    found = Segment.objects.filter(company_id=company_id, name__iexact=name).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Segment.objects.create(company_id=company_id, name=name)
    except IntegrityError:  # somebody was quicker
        return Segment.objects.get(company_id=company_id, name__iexact=name)


def set_segments(contact: Contact, segments: Iterable[Segment], *, by: Advisor) -> None:
    """Put the contact into exactly these segments."""
    require_contacts(by)
    wanted = {segment.pk: segment for segment in segments}
    contact.segment_members.exclude(segment_id__in=wanted).delete()
    for segment in wanted.values():
        add_to_segment([contact.pk], segment)


def label(contacts: ContactQuerySet, segment: Segment, *, by: Advisor) -> int:
    """Put all of these contacts into the segment. Returns how many were new in it."""
    require_contacts(by)
    ids = list(contacts.exclude(segment_members__segment=segment).values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        add_to_segment(ids[start : start + _BATCH], segment)
    return len(ids)


def unlabel(contacts: ContactQuerySet, segment: Segment, *, by: Advisor) -> int:
    """Take all of these contacts out of the segment. Returns how many were in it."""
    require_contacts(by)
    ids = contacts.order_by().values("pk")
    return SegmentMember.objects.filter(segment=segment, contact_id__in=ids).delete()[0]


def add_to_segment(contact_ids: Iterable[int], segment: Segment) -> None:
    """Put contacts of the same company into the segment; who is in it already stays in it once."""
    rows = [
        SegmentMember(company_id=segment.company_id, contact_id=id, segment=segment) for id in contact_ids
    ]
    SegmentMember.objects.bulk_create(rows, ignore_conflicts=True)


def _save(segment: Segment, name: str) -> Segment:
    segment.name = _clean(name)
    if not segment.name:
        raise NoNameError
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as error:
        raise SegmentTakenError(segment.name) from error
    return segment


def _clean(name: str) -> str:
    return " ".join(name.split())[:100]

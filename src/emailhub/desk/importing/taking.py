"""Take one person of a file into the contacts: a new contact, or what was chosen for one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Func, Value

from ..models import Contact, ContactEmail, ContactImport, ContactPhone, ImportRow, Segment, SegmentMember
from ..segments import find_or_create_segment
from .people import Person, read_person
from .reasons import Reason, RowError

Policy = ContactImport.Policy
State = ImportRow.State
Changes = dict[str, object]


@dataclass
class Run:
    """An import while a batch of its rows is being taken."""

    source: ContactImport
    region: str | None
    now: datetime
    segments: dict[str, Segment] = field(default_factory=dict)  # by folded name
    known: set[str] = field(default_factory=set)  # addresses and numbers of the batch that somebody has
    rows: dict[int, int] = field(default_factory=dict)  # of the batch, by the contact whose row it was

    def segments_of(self, person: Person) -> list[Segment]:
        """Those that the row names, made where there are none, and the one for the whole file."""
        found = [self._segment(name) for name in person.segments]
        return [*found, self.source.segment] if self.source.segment else found

    def _segment(self, name: str) -> Segment:
        if (key := name.casefold()) not in self.segments:
            self.segments[key] = find_or_create_segment(self.source.company_id, name)
        return self.segments[key]


def take_batch(rows: Sequence[ImportRow], run: Run) -> None:
    """Do what the rows ask for and note on each what was done. The caller stores the rows."""
    read = [(row, _read(row, run)) for row in rows]
    run.known = _known_ways([person for _, person in read if isinstance(person, Person)])
    for row, person in read:
        try:
            _take(row, person, run)
        except RowError as error:
            _note(row, State.FAILED, error.reason, error.detail)


def _read(row: ImportRow, run: Run) -> Person | RowError:
    try:
        return read_person(row.cells, run.source.mapping, region=run.region)
    except RowError as error:
        return error


def _known_ways(people: Sequence[Person]) -> set[str]:
    """Those of their addresses and numbers that a contact has already, asked for together."""
    addresses = [address for person in people for address in person.emails]
    numbers = [number for person in people for number in person.phones]
    emails = ContactEmail.objects.filter(address__in=addresses).values_list("address", flat=True)
    phones = ContactPhone.objects.filter(number__in=numbers).values_list("number", flat=True)
    return {*emails, *phones}


def find_existing(person: Person, company_id: int) -> Contact | None:
    """The contact that this person is already. Raises RowError where nobody can say which one."""
    found = Contact.objects.filter(company_id=company_id)
    by_email = list(found.filter(emails__address__in=person.emails).distinct()[:3])
    by_phone = list(found.filter(phones__number__in=person.phones).distinct()[:3])
    contacts = {contact.pk: contact for contact in (*by_email, *by_phone)}
    if len(contacts) > 1:
        raise RowError(Reason.TWO_CONTACTS, ", ".join(contact.name for contact in contacts.values()))
    if not contacts and not person.emails and not person.phones:
        return _by_name(person, company_id)
    contact = next(iter(contacts.values()), None)
    if contact and person.emails and not by_email and contact.emails.exists():
        raise RowError(Reason.PHONE_TAKEN, contact.name)  # two people of one house: whose is the address?
    return contact


def _by_name(person: Person, company_id: int) -> Contact | None:
    """Who has neither address nor number is the same if name and organisation are."""
    named = Contact.objects.filter(
        company_id=company_id,
        sort_name=Func(Value(person.name), function="folded"),
        organisation__iexact=person.organisation,
        erased_at__isnull=True,
    )
    return named.first()


def _take(row: ImportRow, person: Person | RowError, run: Run) -> None:
    """Twice if need be: somebody else may save the same address in the same moment."""
    if isinstance(person, RowError):
        raise person
    for last in (False, True):
        try:
            with transaction.atomic():
                _store(row, person, run)
        except IntegrityError as error:
            row.contact = None
            run.segments.clear()
            run.known.update(person.emails, person.phones)  # look once more
            if last:
                raise RowError(Reason.AT_ONCE) from error
        else:
            if row.contact is not None:
                run.rows.setdefault(row.contact.pk, row.number)
            return


def _store(row: ImportRow, person: Person, run: Run) -> None:
    existing = find_existing(person, run.source.company_id) if _may_exist(person, run) else None
    if existing is None:
        row.contact = _create(person, run)
        row.changes = _all_of(row.contact, person, run)
        _note(row, State.CREATED)
        row.cells = []
    elif number := _earlier_row(existing, run):
        row.contact = existing
        _note(row, State.SKIPPED, Reason.TWICE, str(number))
    else:
        _meet(row, person, existing, run)


def _may_exist(person: Person, run: Run) -> bool:
    ways = (*person.emails, *person.phones)
    return not ways or not run.known.isdisjoint(ways)


def _create(person: Person, run: Run) -> Contact:
    contact = Contact.objects.create(company_id=run.source.company_id, confirmed_at=run.now, **person.fields)
    _add_ways(contact, person.emails, person.phones, is_new=True)
    run.known.update(person.emails, person.phones)
    return contact


def _all_of(contact: Contact, person: Person, run: Run) -> Changes:
    segments = _add_segments(contact, run.segments_of(person), there=set())
    fields = {name: ["", value] for name, value in person.fields.items() if value}
    return {
        "fields": fields,
        "emails": list(person.emails),
        "phones": list(person.phones),
        "segments": segments,
    }


def _earlier_row(contact: Contact, run: Run) -> int | None:
    """The number of the row of this file that is this contact already."""
    if contact.pk in run.rows:
        return run.rows[contact.pk]
    rows = contact.import_rows.filter(contact_import=run.source)
    return rows.order_by("number").values_list("number", flat=True).first()


def _meet(row: ImportRow, person: Person, contact: Contact, run: Run) -> None:
    """Do to a contact that is there what was chosen. Being in the file makes it a known one in any case."""
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    row.contact = contact
    changes: Changes = {}
    if contact.confirmed_at is None:
        contact.confirmed_at = run.now
        contact.save(update_fields=["confirmed_at"])
        changes["confirmed"] = True
    if run.source.policy != Policy.SKIP:
        changes |= _complete(contact, person, run)
    row.changes = {what: change for what, change in changes.items() if change}
    if not row.changes:
        as_chosen = run.source.policy == Policy.SKIP
        _note(row, State.SKIPPED, Reason.EXISTS if as_chosen else Reason.NOTHING_NEW, contact.name)
    else:
        _note(row, State.UPDATED, Reason.CONFIRMED if set(row.changes) == {"confirmed"} else "", contact.name)
        row.cells = []


def _complete(contact: Contact, person: Person, run: Run) -> Changes:
    overwrite = run.source.policy == Policy.OVERWRITE
    fields: dict[str, list[str]] = {}
    for name, value in person.fields.items():
        before = getattr(contact, name)
        if value and value != before and (overwrite or not before):
            fields[name] = [before, value]
            setattr(contact, name, value)
    if fields:
        contact.save(update_fields=list(fields))
    known_emails = set(contact.emails.values_list("address", flat=True))
    known_phones = set(contact.phones.values_list("number", flat=True))
    emails = [address for address in person.emails if address not in known_emails]
    phones = [number for number in person.phones if number not in known_phones]
    _add_ways(contact, emails, phones, is_new=not known_emails, is_new_phone=not known_phones)
    there = set(contact.segment_members.values_list("segment_id", flat=True))
    segments = _add_segments(contact, run.segments_of(person), there=there)
    return {"fields": fields, "emails": emails, "phones": phones, "segments": segments}


def _add_ways(
    contact: Contact,
    emails: tuple[str, ...] | list[str],
    phones: tuple[str, ...] | list[str],
    *,
    is_new: bool,
    is_new_phone: bool | None = None,
) -> None:
    """Addresses and numbers; the first is primary where the contact had none."""
    company_id = contact.company_id
    new_phone = is_new if is_new_phone is None else is_new_phone
    ContactEmail.objects.bulk_create(
        ContactEmail(
            company_id=company_id, contact=contact, address=address, is_primary=is_new and place == 0
        )
        for place, address in enumerate(emails)
    )
    ContactPhone.objects.bulk_create(
        ContactPhone(
            company_id=company_id, contact=contact, number=number, is_primary=new_phone and place == 0
        )
        for place, number in enumerate(phones)
    )


def _add_segments(contact: Contact, segments: list[Segment], *, there: set[int]) -> list[int]:
    """Put the contact into the segments in which it is not yet, and return those."""
    new = {segment.pk: segment for segment in segments if segment.pk not in there}
    SegmentMember.objects.bulk_create(
        SegmentMember(company_id=contact.company_id, contact=contact, segment=segment)
        for segment in new.values()
    )
    return list(new)


def _note(row: ImportRow, state: ImportRow.State, reason: str = "", detail: str = "") -> None:
    row.state, row.reason, row.detail = state, reason, detail[:500]

"""Change contacts. An address or a number belongs to one contact of a company.

Many at once are imported (`importing`), two are made one in `merging`, and one is forgotten in `erasing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from emailhub import mail
from emailhub.accounts.models import Advisor, Company, Language
from emailhub.mail import Mailbox

from .errors import AddressTakenError, BadAddressError, NoNameError
from .live import announce
from .models import Contact, ContactEmail, ContactPhone, Segment
from .permissions import require_contacts
from .phones import read_phone, region_of, show_phone
from .segments import set_segments

_Way = TypeVar("_Way", ContactEmail, ContactPhone)
FIELDS = {"name": 200, "organisation": 200, "account_number": 100, "language": 5}  # and their lengths
_ANNOUNCED = 50  # tickets whose open pages hear of a change; the others show it when they are opened


@dataclass(frozen=True)
class Card:
    """What a form says of a contact. What it does not ask for is None, and stays as it is."""

    name: str = ""
    organisation: str | None = None
    account_number: str | None = None
    language: str | None = None
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    primary_email: str = ""  # empty: the one that was, else the first
    primary_phone: str = ""
    shared_sender: bool | None = None
    segment_ids: Sequence[int] | None = None


def new_contact(company: Company, card: Card, *, by: Advisor, now: datetime) -> Contact:
    """Make a known contact by hand. It needs a name, an address or a number.

    Raises NoNameError, AddressTakenError, BadAddressError, BadPhoneError.
    """
    require_contacts(by)
    ways = [way.strip() for way in (*card.emails, *card.phones) if way.strip()]
    if not card.name.strip() and not ways:
        raise NoNameError
    with transaction.atomic():
        name = card.name.strip() or ways[0].partition("@")[0]
        contact = create_contact(company, name=name, confirmed_at=now)
        _apply(contact, card, by=by)
    return contact


def save_card(contact: Contact, card: Card, *, by: Advisor, now: datetime) -> None:
    """Make the contact what the card says, all of it or nothing: from now on it is a known one.

    Raises AddressTakenError, BadAddressError, BadPhoneError.
    """
    require_contacts(by)
    with transaction.atomic():
        _apply(contact, card, by=by)
        confirm(contact, now=now)
        announce_change(contact)


def _apply(contact: Contact, card: Card, *, by: Advisor) -> None:
    said = {field: getattr(card, field) for field in FIELDS}
    edit_contact(contact, **{field: value for field, value in said.items() if value is not None})
    set_emails(contact, card.emails, primary=card.primary_email)
    set_phones(contact, card.phones, primary=card.primary_phone)
    if card.shared_sender is not None:
        mark_shared(contact, card.shared_sender)
    if card.segment_ids is not None:
        segments = Segment.objects.filter(company_id=contact.company_id, pk__in=card.segment_ids)
        set_segments(contact, segments, by=by)


def create_contact(
    company: Company,
    *,
    name: str,
    address: str = "",
    phone: str = "",
    organisation: str = "",
    confirmed_at: datetime | None = None,
) -> Contact:
    """Make a contact. Raises AddressTakenError, BadAddressError, BadPhoneError."""
    contact = Contact.objects.create(
        company=company,
        name=name.strip()[:200] or address.partition("@")[0] or phone,
        organisation=organisation.strip()[:200],
        confirmed_at=confirmed_at,
    )
    if address:
        add_email(contact, address)
    if phone:
        add_phone(contact, phone)
    return contact


def contact_with(company: Company, person: Mailbox, *, now: datetime) -> Contact:
    """The contact who has this address, or a new one: an advisor writes to them, so they are known."""
    address = mail.normal_address(person.address)
    found = Contact.objects.with_address(address).first()
    return found or create_contact(company, name=person.name, address=address, confirmed_at=now)


def edit_contact(contact: Contact, **fields: str) -> None:
    """Change name, organisation, account number or language. An empty name keeps the old one."""
    for field, length in FIELDS.items():
        value = " ".join(fields.get(field, getattr(contact, field)).split())
        if value or field != "name":
            setattr(contact, field, value[:length])
    if contact.language not in Language.values:
        contact.language = ""
    contact.save(update_fields=list(FIELDS))


def mark_shared(contact: Contact, shared: bool) -> None:
    """Say whether many people write from it: then its mail never joins a ticket for its sender's sake."""
    if contact.shared_sender != shared:
        contact.shared_sender = shared
        contact.save(update_fields=["shared_sender"])


def confirm(contact: Contact, *, now: datetime) -> None:
    """Make an unconfirmed contact a known one."""
    if contact.confirmed_at is None:
        contact.confirmed_at = now
        contact.save(update_fields=["confirmed_at"])


def add_email(contact: Contact, address: str) -> ContactEmail:
    """Give the contact an address; the first is primary. Raises AddressTakenError, BadAddressError."""
    normal = mail.normal_address(address)
    if not mail.is_sendable(normal):
        raise BadAddressError(address)
    return _add(ContactEmail, contact, address=normal)


def add_phone(contact: Contact, number: str) -> ContactPhone:
    """Give the contact a phone number; the first is primary. Raises AddressTakenError, BadPhoneError."""
    return _add(ContactPhone, contact, number=read_phone(number, region=region_of(contact.company)))


def make_primary(way: ContactEmail | ContactPhone) -> None:
    """New tickets are mailed to this address, or this number is called first, from now on."""
    ways = type(way)._default_manager.filter(contact_id=way.contact_id)
    ways.filter(is_primary=True).exclude(pk=way.pk).update(is_primary=False)
    ways.filter(pk=way.pk).update(is_primary=True)


def set_emails(contact: Contact, addresses: Sequence[str], *, primary: str = "") -> None:
    """Give the contact exactly these addresses. Raises as add_email() does.

    Without a word about it, the primary one stays; if it goes, the first takes its place.
    """
    kept = [add_email(contact, address) for address in addresses if address.strip()]
    contact.emails.exclude(pk__in=[email.pk for email in kept]).delete()
    wanted = mail.normal_address(primary)
    _choose_primary(kept, next((email for email in kept if email.address == wanted), None))


def set_phones(contact: Contact, numbers: Sequence[str], *, primary: str = "") -> None:
    """Give the contact exactly these phone numbers. Raises as add_phone() does.

    A number from before numbers were checked may stay as it is.
    """
    old = {written: phone for phone in contact.phones.all() for written in _spellings(phone)}
    kept = [old.get(number.strip()) or add_phone(contact, number) for number in numbers if number.strip()]
    contact.phones.exclude(pk__in=[phone.pk for phone in kept]).delete()
    wanted = primary.strip()
    _choose_primary(kept, next((phone for phone in kept if wanted in _spellings(phone)), None))


def _spellings(phone: ContactPhone) -> tuple[str, str]:
    return phone.number, show_phone(phone.number)


def _choose_primary(kept: Sequence[_Way], wanted: _Way | None) -> None:
    """Make one of them primary: the wanted one, else the one that is, else the first."""
    chosen = wanted or next((way for way in kept if way.is_primary), kept[0] if kept else None)
    if chosen is not None:
        make_primary(chosen)


def _add(model: type[_Way], contact: Contact, **value: str) -> _Way:
    """Give the contact this way to reach them, though somebody else may be doing the same."""
    try:
        with transaction.atomic():
            return _find_or_insert(model, contact, **value)
    except IntegrityError:  # they were quicker, and what they did can be seen by now
        return _find_or_insert(model, contact, **value)


def _find_or_insert(model: type[_Way], contact: Contact, **value: str) -> _Way:
    if taken := model.objects.filter(**value).select_related("contact").first():
        if taken.contact_id == contact.id:
            return taken
        raise AddressTakenError("".join(value.values()), taken.contact)
    return model.objects.create(
        company_id=contact.company_id,
        contact=contact,
        is_primary=not model.objects.filter(contact=contact).exists(),
        **value,
    )


def announce_change(contact: Contact) -> None:
    """Wake the pages that show a ticket of this contact, or its line in a list."""
    for ticket in contact.tickets.newest_first()[:_ANNOUNCED]:
        announce(contact.company_id, ticket.team_id, ticket.id, "contact", contact.id)

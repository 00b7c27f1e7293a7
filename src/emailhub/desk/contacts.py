"""Change contacts. An address belongs to one contact of a company."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from emailhub import mail
from emailhub.accounts.models import Company
from emailhub.mail import Mailbox

from .errors import AddressTakenError, BadAddressError, BadPhoneError
from .live import announce
from .models import Contact, ContactEmail, ContactPhone

_Way = TypeVar("_Way", ContactEmail, ContactPhone)
FIELDS = ("name", "organisation", "account_number", "language")


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
    for field in FIELDS:
        value = fields.get(field)
        if value is not None and (value.strip() or field != "name"):
            setattr(contact, field, value.strip())
    contact.save(update_fields=list(FIELDS))


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


def make_primary(email: ContactEmail) -> None:
    """New tickets are mailed to this address from now on."""
    ContactEmail.objects.filter(contact_id=email.contact_id, is_primary=True).update(is_primary=False)
    ContactEmail.objects.filter(pk=email.pk).update(is_primary=True)


def set_emails(contact: Contact, addresses: Sequence[str]) -> None:
    """Give the contact exactly these addresses, the first one primary. Raises as add_email() does."""
    kept = [add_email(contact, address) for address in addresses if address.strip()]
    contact.emails.exclude(pk__in=[email.pk for email in kept]).delete()
    if kept:
        make_primary(kept[0])


def set_phones(contact: Contact, numbers: Sequence[str]) -> None:
    """Give the contact exactly these phone numbers. Raises as add_phone() does."""
    kept = [add_phone(contact, number) for number in numbers if number.strip()]
    contact.phones.exclude(pk__in=[phone.pk for phone in kept]).delete()


def add_phone(contact: Contact, number: str) -> ContactPhone:
    """Give the contact a phone number. Raises AddressTakenError, BadPhoneError."""
    return _add(ContactPhone, contact, number=normalise_phone(number))


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


def normalise_phone(number: str) -> str:
    """Digits with a leading plus where one was given. Raises BadPhoneError."""
    digits = "".join(character for character in number if character.isdigit())
    if not 3 <= len(digits) <= 20:
        raise BadPhoneError(number)
    if number.strip().startswith(("+", "00")):
        return "+" + digits.removeprefix("00")
    return digits


def announce_change(contact: Contact) -> None:
    """Wake the pages that show a ticket of this contact."""
    for ticket in contact.tickets.not_closed()[:20]:
        announce(contact.company_id, ticket.team_id, ticket.id, "contact", contact.id)

"""Put a received text message on a ticket. Where it belongs was decided before (rules)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts.models import Company
from emailhub.texting import Wish

from .closed_numbers import close_number, open_number
from .contacts import add_phone, create_contact
from .errors import BadPhoneError
from .models import Activity, ChatMessage, Contact, ContactPhone, Ticket
from .phones import show_phone
from .storing import StoredFile, attach


@dataclass(frozen=True)
class ReceivedText:
    """A text message as it is filed."""

    connection_id: int
    kind: str
    gateway_id: str
    number: str
    own_number: str
    text: str
    files: Sequence[StoredFile] = ()
    missing: int = 0  # files that could not be fetched
    wish: Wish | None = None


def lock_number(company_id: int, number: str) -> None:
    """Messages of one number are filed one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{company_id} text {number}"]
        )


def contact_of_number(company: Company, number: str, name: str) -> Contact:
    """Whose number it is; a stranger becomes an unconfirmed contact with it. Call it after lock_number()."""
    phone = ContactPhone.objects.select_related("contact").filter(company=company, number=number).first()
    if phone:
        return phone.contact
    if not number.startswith("+") and (known := _machine_with(company, number)):
        return known
    contact = create_contact(company, name=name.strip() or show_phone(number) or "?", confirmed_at=None)
    with suppress(BadPhoneError):  # a short code or a name: a machine's, which nobody can answer
        add_phone(contact, number)
    return contact


def _machine_with(company: Company, number: str) -> Contact | None:
    """Whom a short code or a name became when it wrote first: no contact can have it as a phone number."""
    chats = ChatMessage.objects.select_related("contact").filter(company=company, number=number)
    earlier = chats.filter(outgoing__isnull=True, contact__isnull=False).order_by("-id").first()
    return earlier.contact if earlier else None


def append_text(
    ticket: Ticket, received: ReceivedText, contact: Contact, *, needs_reply: bool, now: datetime
) -> ChatMessage:
    """Add the message to the ticket's timeline, with its files, and do what its sender asks for."""
    activity = ticket.record(
        Activity.Kind.CHAT_RECEIVED,
        by=None,
        at=now,
        text=received.text,
        detail={"missing": received.missing} if received.missing else None,
    )
    chat = ChatMessage.objects.create(
        company_id=ticket.company_id,
        activity=activity,
        ticket=ticket,
        connection_id=received.connection_id,
        contact=contact,
        kind=received.kind,
        number=received.number,
        own_number=received.own_number,
        gateway_id=received.gateway_id,
    )
    attach(activity, received.files)
    if needs_reply:
        ticket.notifications.tell_of_message(activity)
    ticket.take_in(
        activity,
        author=contact.name,
        line=_line(ticket, received),
        needs_reply=needs_reply,
        has_files=bool(received.files),
    )
    _obey(ticket, received, now)
    return chat


def _line(ticket: Ticket, received: ReceivedText) -> str:
    with translation.override(ticket.company.language):
        return mail.preview(received.text) or ", ".join(file.filename for file in received.files) or _("File")


def _obey(ticket: Ticket, received: ReceivedText, now: datetime) -> None:
    """Close the number for this kind of message, or open it again."""
    number, kind = received.number, received.kind
    if received.wish is Wish.STOP and close_number(ticket.company_id, number, kind, now=now):
        ticket.record(Activity.Kind.OPTED_OUT, by=None, at=now, detail={"number": number})
    elif received.wish is Wish.START and open_number(ticket.company_id, number, kind):
        ticket.record(Activity.Kind.OPTED_IN, by=None, at=now, detail={"number": number})

"""All that is stored of one person, as a file that can be given to them."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Collection
from datetime import datetime
from typing import IO, BinaryIO

from django.db.models import Q

from emailhub import mail, store
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor

from .models import Attachment, ChatMessage, Contact, Message, Ticket
from .permissions import require_contact_management
from .queries import TicketQuerySet


def export_person(contact: Contact, into: IO[bytes], *, by: Advisor, now: datetime) -> None:
    """Write a ZIP: the card, their tickets, the mails from and to them with their files.

    It is made to be handed out, so it holds no notes of advisors, nobody's BCC, and none of the tickets
    that the advisor may not read; where some are left out it says so. Raises ContactsNotAllowedError.
    """
    require_contact_management(by)
    messages = _messages(contact, by)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "person.json", json.dumps(_person(contact, messages, by, now), indent=2, ensure_ascii=False)
        )
        for message in messages:
            _write_files(archive, message)
        for chat in _chats(contact, by):
            files = {_file_name(file): file.content_key for file in chat.activity.attachments.all()}
            _write(archive, _chat_folder(chat), files, chat.company_id)
    audit.record(audit.Kind.CONTACT, f"#{contact.pk}", by=by, at=now, exported=audit.Change("", "ZIP"))


def _person(contact: Contact, messages: Collection[Message], by: Advisor, now: datetime) -> dict[str, object]:
    tickets = _tickets(contact, by)
    return {
        "exported_at": now.isoformat(),
        "company": by.company.name,
        "complete": not contact.tickets.exclude(pk__in=tickets.values("pk")).exists(),
        "contact": {
            "id": contact.pk,
            "name": contact.name,
            "organisation": contact.organisation,
            "account_number": contact.account_number,
            "language": contact.language,
            "emails": list(contact.emails.order_by("-is_primary", "id").values_list("address", flat=True)),
            "phones": list(contact.phones.order_by("-is_primary", "id").values_list("number", flat=True)),
            "segments": sorted(contact.segments.values_list("name", flat=True)),
            "created_at": contact.created_at.isoformat(),
            "known_since": contact.confirmed_at.isoformat() if contact.confirmed_at else None,
        },
        "tickets": [_ticket(ticket) for ticket in tickets.select_related("team").order_by("number")],
        "messages": [_message(message) for message in messages],
        "chats": [_chat(chat) for chat in _chats(contact, by)],
    }


def _tickets(contact: Contact, by: Advisor) -> TicketQuerySet:
    return Ticket.objects.visible_to(by).filter(contact=contact)


def _ticket(ticket: Ticket) -> dict[str, object]:
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "status": ticket.status,
        "team": ticket.team.name,
        "created_at": ticket.created_at.isoformat(),
        "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
    }


def _messages(contact: Contact, by: Advisor) -> list[Message]:
    """The mails that they wrote, and those that were openly written to them."""
    readable = Message.objects.filter(
        company_id=by.company_id, ticket__team_id__in=by.readable_team_ids()
    ).exclude(activity__kind="note")
    addresses = set(contact.emails.values_list("address", flat=True))
    theirs = Q(contact=contact, outgoing__isnull=True)
    near = readable.filter(
        theirs | Q(ticket__contact=contact) | Q(ticket__participants__address__in=addresses)
    )
    found = near.select_related("activity", "ticket").distinct().order_by("id")
    return [message for message in found if message.contact_id == contact.pk or _is_to(message, addresses)]


def _is_to(message: Message, addresses: Collection[str]) -> bool:
    return any(pair[1] in addresses for pair in [*message.to, *message.cc])


def _message(message: Message) -> dict[str, object]:
    return {
        "ticket": message.ticket.number,
        "at": message.activity.at.isoformat(),
        "direction": "received" if message.is_received else "sent",
        "from": [message.sender_name, message.sender_address],
        "to": message.to,
        "cc": message.cc,
        "subject": message.subject,
        "text": message.text,
        "folder": _folder(message),
        "files": [_file_name(file) for file in message.activity.attachments.all()],
    }


def _write_files(archive: zipfile.ZipFile, message: Message) -> None:
    """The mail as it was sent or received, and its files. BCC stands in neither: it was never in the mail."""
    contents = {"message.eml": message.content_key}
    files = message.activity.attachments.all()
    contents |= {_file_name(file): file.content_key for file in files if file.content_key}
    _write(archive, _folder(message), contents, message.company_id)


def _write(archive: zipfile.ZipFile, folder: str, contents: dict[str, str], company_id: int) -> None:
    for name, key in contents.items():
        try:
            _copy(store.open_content(company_id, key), archive, f"{folder}/{name}")
        except store.MissingError:
            archive.writestr(f"{folder}/{name}.missing", b"")


def _copy(source: BinaryIO, archive: zipfile.ZipFile, name: str) -> None:
    with source, archive.open(name, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target)


def _chats(contact: Contact, by: Advisor) -> list[ChatMessage]:
    """The text messages from them and to them."""
    readable = ChatMessage.objects.filter(
        company_id=by.company_id, contact=contact, ticket__team_id__in=by.readable_team_ids()
    )
    return list(readable.select_related("activity", "ticket").order_by("id"))


def _chat(chat: ChatMessage) -> dict[str, object]:
    return {
        "ticket": chat.ticket.number,
        "at": chat.activity.at.isoformat(),
        "direction": "received" if chat.is_received else "sent",
        "kind": chat.kind,
        "number": chat.number,
        "text": chat.activity.text,
        "folder": _chat_folder(chat),
        "files": [_file_name(file) for file in chat.activity.attachments.all()],
    }


def _chat_folder(chat: ChatMessage) -> str:
    return f"chats/{chat.ticket.number}-{chat.pk}"


def _folder(message: Message) -> str:
    return f"messages/{message.ticket.number}-{message.pk}"


def _file_name(file: Attachment) -> str:
    return f"{file.pk}-{mail.clean_filename(file.filename)}"

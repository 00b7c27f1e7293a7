"""Who of the demo's customers has a phone, and what is on it: our messages and theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from emailhub.accounts.models import Advisor
from emailhub.delivery.models import Connection
from emailhub.desk.models import ChatKind, ChatMessage, ContactPhone, Ticket
from emailhub.intake.models import ReceivedMessage
from emailhub.texting import TextState

from ..traces import TraceLine, trace_lines

STRANGER = "+34600999888"
_CHOICES = 6
_SHOWN = 40  # messages of a phone, the newest
_ARRIVED = (TextState.DELIVERED, TextState.READ)


@dataclass(frozen=True)
class Phone:
    """A customer's phone to write from."""

    number: str
    name: str
    ticket: int | None = None  # the number of the ticket on which it chatted last


@dataclass(frozen=True)
class Line:
    """A number of ours that can be written to."""

    value: str  # of the form: kind and connection
    kind: ChatKind
    number: str
    connection: Connection


@dataclass(frozen=True)
class Fate:
    """What EmailHub did with the last message from a phone."""

    received: ReceivedMessage
    trace: list[TraceLine]
    ticket: Ticket | None  # where the advisor may read it


def phones(chosen: str) -> list[Phone]:
    """Those who chatted last, other contacts with a number, a stranger, and the chosen one in any case."""
    found: dict[str, Phone] = {}
    for chat in ChatMessage.objects.select_related("contact", "ticket").order_by("-id")[:80]:
        name = chat.contact.name if chat.contact else ""
        found.setdefault(chat.number, Phone(chat.number, name, chat.ticket.number))
    for row in ContactPhone.objects.select_related("contact").order_by("id")[:_CHOICES]:
        found.setdefault(row.number, Phone(row.number, row.contact.name))
    listed = [*list(found.values())[:_CHOICES], found.get(STRANGER) or Phone(STRANGER, "")]
    phones = list({phone.number: phone for phone in listed}.values())
    if chosen and chosen not in {phone.number for phone in phones}:
        phones.insert(0, found.get(chosen) or Phone(chosen, _name_of(chosen)))
    return phones


def _name_of(number: str) -> str:
    row = ContactPhone.objects.select_related("contact").filter(number=number).first()
    return row.contact.name if row else ""


def messages_on(number: str) -> Sequence[ChatMessage]:
    """What this phone shows: what was written from it, and what has arrived on it."""
    chats = ChatMessage.objects.select_related("activity__advisor__user").filter(number=number)
    newest = chats.order_by("-id")[:_SHOWN]
    return [chat for chat in reversed(newest) if chat.is_received or chat.state in _ARRIVED]


def lines() -> list[Line]:
    """Our numbers, SMS first."""
    used = Connection.objects.filter(kind=Connection.Kind.TEXTING).exclude(state=Connection.State.OFF)
    return [
        Line(f"{kind.value}-{connection.pk}", kind, number, connection)
        for kind in ChatKind
        for connection in used.order_by("id")
        if (number := str(connection.settings.get(kind.value, "")))
    ]


def fate_of(number: str, advisor: Advisor) -> Fate | None:
    """What became of the last message from this phone; None: it never wrote."""
    rows = ReceivedMessage.objects.filter(channel="texting", mail_from=number)
    row = rows.select_related("filed_chat__ticket").order_by("-id").first()
    if row is None:
        return None
    ticket = row.filed_chat.ticket if row.filed_chat else None
    readable = ticket is not None and ticket.team_id in advisor.readable_team_ids()
    return Fate(row, trace_lines(row.trace), ticket if readable else None)

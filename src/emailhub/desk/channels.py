"""By which channels the customer of a ticket can be written to now, and why not by the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from emailhub.accounts.models import Advisor
from emailhub.accounts.permissions import may_manage

from . import recipients
from .chat_lines import Line, lines_of
from .errors import (
    CannotSendError,
    ChatNotSetUpError,
    ClosedNumberError,
    HubOffError,
    NoAddressError,
    NoPhoneError,
    WindowClosedError,
)
from .models import Activity, ChatKind, ChatMessage, ClosedNumber, Draft, Ticket

WINDOW = timedelta(hours=24)  # WhatsApp lets a business answer freely for so long
Name = Draft.Channel


class Remedy(StrEnum):
    """What would make a channel usable; the pages have its words and its link."""

    ADD_PHONE = "add_phone"
    ADD_EMAIL = "add_email"
    SET_UP_CHAT = "set_up_chat"  # only where the advisor may do so


@dataclass(frozen=True)
class Channel:
    """A line of the channel menu. `refusal` says why it cannot be used, where it cannot."""

    name: Name
    to: str = ""  # the number that it would reach
    line: Line | None = None
    refusal: CannotSendError | None = None
    remedy: Remedy | None = None

    @property
    def enabled(self) -> bool:
        return self.refusal is None

    @property
    def reason(self) -> str:
        return str(self.refusal or "")


def channels_of(ticket: Ticket, by: Advisor, *, now: datetime) -> list[Channel]:
    """The channels of the ticket's menu, in its order.

    WhatsApp is there where it is set up, e-mail where EmailHub is on. Each is checked again when it sends.
    """
    chats = chats_of(ticket, by, now=now)
    email = _email(ticket, by)
    return [*chats, email] if email else chats


def chats_of(ticket: Ticket, by: Advisor, *, now: datetime) -> list[Channel]:
    """The menu's lines for text messages: SMS, and WhatsApp where it is set up."""
    lines = {line.kind: line for line in reversed(lines_of(ticket.team))}
    found = [_chat(ticket, ChatKind.SMS, lines.get(ChatKind.SMS), by=by, now=now)]
    if ChatKind.WHATSAPP in lines:
        found.append(_chat(ticket, ChatKind.WHATSAPP, lines[ChatKind.WHATSAPP], by=by, now=now))
    return found


def default_of(ticket: Ticket, channels: Sequence[Channel]) -> Name | None:
    """The channel of the customer's last message if it can be used, else the last one used, else any.

    None: nobody can be written to; there are only notes.
    """
    usable = [channel.name for channel in channels if channel.enabled]
    for name in _last_used(ticket) if len(usable) > 1 else ():
        if name in usable:
            return name
    return Name.EMAIL if Name.EMAIL in usable else next(iter(usable), None)


def number_of(ticket: Ticket) -> str:
    """The number to write to: the one that the customer wrote from last on this ticket, else the primary."""
    phones = sorted(ticket.contact.phones.all(), key=lambda phone: (not phone.is_primary, phone.pk))
    numbers = [phone.number for phone in phones if phone.number.startswith("+")]
    used = ticket.chats.filter(outgoing__isnull=True, number__in=numbers).order_by("-id")
    return used.values_list("number", flat=True).first() or next(iter(numbers), "")


def check_chat(ticket: Ticket, kind: ChatKind, line: Line | None, *, now: datetime) -> tuple[str, Line]:
    """The number and the line of a message that can be sent now.

    Raises ChatNotSetUpError, NoPhoneError, ClosedNumberError, WindowClosedError.
    """
    if line is None:
        raise ChatNotSetUpError
    number = number_of(ticket)
    if not number:
        raise NoPhoneError
    if ClosedNumber.objects.filter(company_id=ticket.company_id, number=number, kind=kind).exists():
        raise ClosedNumberError(number)
    if kind == ChatKind.WHATSAPP and not _is_in_window(ticket, number, now):
        raise WindowClosedError
    return number, line


def _chat(ticket: Ticket, kind: ChatKind, line: Line | None, *, by: Advisor, now: datetime) -> Channel:
    name = channel_name(kind)
    try:
        number, line = check_chat(ticket, kind, line, now=now)
    except ChatNotSetUpError as error:
        remedy = Remedy.SET_UP_CHAT if may_manage(by, ticket.team) else None
        return Channel(name, refusal=error, remedy=remedy)
    except NoPhoneError as error:
        return Channel(name, refusal=error, remedy=Remedy.ADD_PHONE)
    except CannotSendError as error:
        return Channel(name, to=number_of(ticket), refusal=error)
    return Channel(name, number, line)


def _email(ticket: Ticket, by: Advisor) -> Channel | None:
    """None: the team writes no e-mail at all."""
    try:
        recipients.sender_of(ticket, by=by)
    except HubOffError:
        return None
    return email_of(None if recipients.customer_of(ticket) else NoAddressError())


def email_of(refusal: CannotSendError | None) -> Channel | None:
    """The menu's line for e-mail, where this is what stands in its way. None: there is no e-mail at all."""
    if isinstance(refusal, HubOffError):
        return None
    return Channel(Name.EMAIL, refusal=refusal, remedy=Remedy.ADD_EMAIL if refusal else None)


def channel_name(kind: str) -> Name:
    """What the menu and the drafts call a kind of text message."""
    return Name.CHAT if kind == ChatKind.SMS else Name.WHATSAPP


def _is_in_window(ticket: Ticket, number: str, now: datetime) -> bool:
    received = ChatMessage.objects.filter(
        company_id=ticket.company_id, number=number, kind=ChatKind.WHATSAPP, outgoing__isnull=True
    )
    return received.filter(activity__at__gt=now - WINDOW).exists()


def _last_used(ticket: Ticket) -> list[Name]:
    """The channel of the customer's last message, then that of the last message at all."""
    newest = ticket.activities.order_by("-id")
    received = (Activity.Kind.RECEIVED, Activity.Kind.CHAT_RECEIVED)
    sent = (Activity.Kind.SENT, Activity.Kind.CHAT_SENT)
    wanted = [newest.filter(kind__in=kinds) for kinds in (received, (*received, *sent))]
    found = [query.select_related("chat").defer("search").first() for query in wanted]
    return [_name_of(activity) for activity in found if activity]


def _name_of(activity: Activity) -> Name:
    chat: ChatMessage | None = getattr(activity, "chat", None)
    return channel_name(chat.kind) if chat else Name.EMAIL

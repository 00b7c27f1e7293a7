"""A text message of the timeline: its words, how far it came, and why not further."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Activity, ChatMessage, Ticket
from emailhub.desk.phones import show_phone
from emailhub.texting import TextState

from .bodies import linked
from .text_errors import explain_code

State = OutgoingMessage.State


@dataclass(frozen=True)
class Bubble:
    """`tone` is ok, warn, danger or nothing; `cost` how many SMS it was."""

    title: str
    author: str
    is_ours: bool
    kind: str  # SMS or WhatsApp
    number: str
    html: SafeString
    icon: str = ""
    tone: str = ""
    words: str = ""
    error: str = ""
    cost: str = ""
    missing: int = 0  # files that came with it and could not be fetched


def describe_bubble(activity: Activity, ticket: Ticket) -> Bubble:
    """What the timeline shows of a chat. Its row should be selected with it."""
    chat: ChatMessage = activity.chat
    html = linked(activity.text)
    kind, number = chat.get_kind_display(), show_phone(chat.number)
    missing = int(activity.detail.get("missing", 0))
    if chat.is_received:
        author = ticket.contact.name
        title = _("%(kind)s from %(author)s") % {"kind": kind, "author": author}
        return Bubble(title, author, False, kind, number, html, missing=missing)
    author = str(activity.advisor) if activity.advisor else ticket.team.name
    icon, tone, words = _progress(chat)
    return Bubble(
        _("%(kind)s by %(author)s") % {"kind": kind, "author": author},
        author,
        True,
        kind,
        number,
        html,
        icon,
        tone,
        words,
        error=explain_code(chat.error_code) if chat.error_code else "",
        cost=_cost(chat.segments),
    )


def _cost(segments: int) -> str:
    if segments < 2:
        return ""
    return ngettext("%(n)s SMS", "%(n)s SMS", segments) % {"n": segments}


def _progress(chat: ChatMessage) -> tuple[str, str, str]:
    """What the gateway says, and before it has said anything what the outbox does."""
    match chat.state:
        case TextState.READ:
            return "checks", "ok", _("read")
        case TextState.DELIVERED:
            return "checks", "", _("delivered")
        case TextState.FAILED:
            return "alert", "danger", _("not delivered")
        case TextState.SENT | TextState.ACCEPTED:
            return "check", "", _("sent")
    return _in_outbox(chat.outgoing)


def _in_outbox(outgoing: OutgoingMessage | None) -> tuple[str, str, str]:
    match outgoing.state if outgoing else State.SENT:
        case State.QUEUED | State.SENDING:
            return "clock", "", _("on its way")
        case State.UNCERTAIN:
            return "help", "warn", _("perhaps sent")
        case State.FAILED:
            return "alert", "danger", _("not delivered")
        case State.CANCELLED:
            return "undo", "", _("taken back")
    return "check", "", _("sent")

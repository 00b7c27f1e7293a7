"""The menu of channels at the foot of a ticket, and its forms for text messages."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor
from emailhub.desk.channels import Channel, Remedy
from emailhub.desk.chat import LARGEST
from emailhub.desk.drafts import state_of
from emailhub.desk.models import Attachment, ChatKind, Draft, Ticket
from emailhub.desk.phones import show_phone
from emailhub.desk.uploads import own_uploads
from emailhub.mail import Mailbox

from .composing_chat import Way, way_out

_KINDS = {Draft.Channel.CHAT: ChatKind.SMS, Draft.Channel.WHATSAPP: ChatKind.WHATSAPP}


@dataclass(frozen=True)
class Entry:
    """A line of the menu: a channel with whom it reaches, or why it cannot be used and what would help."""

    name: str
    label: str
    icon: str
    why: str
    enabled: bool
    way: Way | None = None
    edits_contact: bool = False  # the way is a field of the contact's card, open on the page


@dataclass(frozen=True)
class ChatForm:
    """The fields of a text message as they stand."""

    channel: str
    kind: str
    label: str
    number: str
    others: str  # who takes part by e-mail and does not see it
    text: str
    files: list[Attachment]
    max_bytes: int
    draft_state: str
    saved_at: datetime | None
    key: uuid.UUID = field(default_factory=uuid.uuid4)


def menu_of(channels: Iterable[Channel], ticket: Ticket, email_to: str) -> tuple[Entry, ...]:
    """The lines for these channels, in their order."""
    return tuple(_entry(channel, ticket, email_to) for channel in channels)


def chat_forms(
    channels: Iterable[Channel], advisor: Advisor, drafts: Mapping[str, Draft], others: Sequence[Mailbox]
) -> tuple[ChatForm, ...]:
    """A form for each kind of text message that can be sent now, with what was begun in it."""
    names = ", ".join(box.name or box.address for box in others)
    return tuple(
        _chat_form(channel, advisor, drafts.get(channel.name), names)
        for channel in channels
        if channel.enabled and channel.name in _KINDS
    )


def _entry(channel: Channel, ticket: Ticket, email_to: str) -> Entry:
    is_email = channel.name == Draft.Channel.EMAIL
    reached = email_to if is_email else show_phone(channel.to) if channel.to else ""
    return Entry(
        name=channel.name,
        label=_label(channel.name),
        icon="mail" if is_email else "chat",
        why=reached if channel.enabled else channel.reason,
        enabled=channel.enabled,
        way=way_out(channel, ticket),
        edits_contact=channel.remedy in (Remedy.ADD_PHONE, Remedy.ADD_EMAIL),
    )


def _label(name: Draft.Channel) -> str:
    return _("Chat (SMS)") if name == Draft.Channel.CHAT else str(name.label)


def _chat_form(channel: Channel, advisor: Advisor, draft: Draft | None, others: str) -> ChatForm:
    kind = _KINDS[channel.name]
    fields = draft.fields if draft else {}
    ids = [uuid.UUID(id) for id in fields.get("attachments", [])]
    return ChatForm(
        channel=channel.name,
        kind=kind,
        label=_label(channel.name),
        number=show_phone(channel.to),
        others=others,
        text=str(fields.get("text", "")),
        files=own_uploads(advisor, ids) if ids else [],
        max_bytes=LARGEST[kind],
        draft_state=state_of(draft),
        saved_at=draft.updated_at if draft else None,
    )

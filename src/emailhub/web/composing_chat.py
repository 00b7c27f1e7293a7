"""What the composer sends as a text message, and the menu of channels, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from emailhub.desk.channels import Channel, Remedy
from emailhub.desk.chat import Text
from emailhub.desk.models import ChatKind, Ticket

from .posted import read_follow_up, read_ids, read_key, read_seen


@dataclass(frozen=True)
class Way:
    """What would make a channel usable, as a link."""

    words: str
    url: str


def read_chat(post: QueryDict, files: Iterable[UUID] = ()) -> Text:
    """The posted form as the desk takes it."""
    return Text(
        kind=ChatKind.WHATSAPP if post.get("kind") == ChatKind.WHATSAPP else ChatKind.SMS,
        text=post.get("text", ""),
        key=read_key(post),
        attachment_ids=(*read_ids(post.getlist("attachments")), *files),
        then=read_follow_up(post),
        seen=read_seen(post),
    )


def way_out(channel: Channel, ticket: Ticket) -> Way | None:
    """The remedy beside a channel that cannot be used."""
    match channel.remedy:
        case Remedy.ADD_PHONE:
            return Way(_("Add a phone number"), f"{reverse('ticket', args=[ticket.number])}?edit=contact")
        case Remedy.ADD_EMAIL:
            return Way(_("Add an email address"), f"{reverse('ticket', args=[ticket.number])}?edit=contact")
        case Remedy.SET_UP_CHAT:
            return Way(_("Set up chat"), reverse("manage_chat", args=[ticket.team_id]))
    return None

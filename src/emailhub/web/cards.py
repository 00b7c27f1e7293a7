"""A message of the timeline as its card shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emailhub.desk.invitations import guest_among
from emailhub.desk.models import Activity, Attachment, ChatMessage, Message, Ticket
from emailhub.hub.addresses import without_tag
from emailhub.intake.models import ReceivedMessage
from emailhub.mail import Invitation, RemoteImages, remote_images
from emailhub.rules.decision import Flag

from . import bodies
from .bubbles import Bubble, describe_bubble
from .deliveries import Sending, describe_sending
from .enclosures import invitation_in, notice_of
from .traces import TraceLine, trace_lines


@dataclass(frozen=True)
class Badge:
    label: str | Promise
    tone: str = ""


@dataclass(frozen=True)
class Card:
    """A received or sent e-mail, or a note."""

    activity: Activity
    author: str
    title: str  # for those who hear it
    is_ours: bool
    text: bodies.Text | None  # None: the mail is shown in a frame
    files: tuple[Attachment, ...]
    message: Message | None = None
    bubble: Bubble | None = None  # of a chat, which has no card's frame
    addressed: str = ""
    badges: tuple[Badge, ...] = ()
    sending: Sending | None = None
    images: RemoteImages = field(default_factory=RemoteImages)  # those that lie elsewhere
    shows_images: bool = False  # because somebody wants it so for this sender
    trace: tuple[TraceLine, ...] = ()
    notice: str = ""  # that it is encrypted or signed
    invitation: Invitation | None = None
    asks: bool = False  # whether it is us whom it invites
    checked: str = ""  # on what the verdict on the sender stands

    @property
    def is_note(self) -> bool:
        return self.activity.kind == Activity.Kind.NOTE

    @property
    def may_be_answered(self) -> bool:
        """A mail of the conversation; what an advisor wrote to us by mail is a note."""
        return self.message is not None and not self.is_note

    @property
    def is_of_new_person(self) -> bool:
        """Whether somebody wrote who took no part before: perhaps it belongs elsewhere."""
        return self.message is not None and Flag.NEW_PERSON in self.message.flags

    @property
    def new_contact_url(self) -> str:
        """Where somebody who wrote and is no contact is made one."""
        message = self.message
        if message is None or self.is_ours or message.contact_id or not message.sender_address:
            return ""
        fields = {"name": message.sender_name, "email": message.sender_address}
        return f"{reverse('new_contact')}?{urlencode(fields)}"

    @property
    def writer(self) -> str:
        """Who wrote it from outside, and can be answered alone."""
        return "" if self.is_ours else self.author


_BADGES: Mapping[Flag, Badge] = {
    Flag.NEW_PERSON: Badge(gettext_lazy("New in this conversation"), "warn"),
    Flag.LOOKS_LIKE: Badge(gettext_lazy("Looks like a contact"), "warn"),
    Flag.RECOVERED_SENDER: Badge(gettext_lazy("Sender recovered")),
    Flag.UNREADABLE_SENDER: Badge(gettext_lazy("Sender unreadable"), "warn"),
    Flag.AUTOMATIC: Badge(gettext_lazy("Automatic")),
    Flag.WAS_BCC: Badge(gettext_lazy("Was in BCC"), "warn"),
    Flag.FROM_ADVISOR: Badge(gettext_lazy("By email from an advisor")),
    Flag.LATE: Badge(gettext_lazy("Late answer")),
    Flag.SUBJECT_CHANGED: Badge(gettext_lazy("Other subject")),
    Flag.MATCHED_IGNORE: Badge(gettext_lazy("Matched an ignore rule")),
    Flag.SAME_MESSAGE_ID: Badge(gettext_lazy("Same Message-ID as another"), "warn"),
    Flag.SENT_OUTSIDE: Badge(gettext_lazy("Sent from another mail program")),
}
# Shown by the shield beside the name.
_SHOWN_OTHERWISE = {Flag.NOT_VERIFIED}


def build_card(activity: Activity, ticket: Ticket, *, now: datetime) -> Card:
    """The card of a message or note. Its message, files, recipients and deliveries should be prefetched."""
    if activity.kind in Activity.CHATS:
        return _chat(activity, ticket)
    message = _message_of(activity)
    if activity.kind == Activity.Kind.NOTE or message is None:
        return _note(activity, message)
    return _received(activity, message, ticket) if message.is_received else _sent(activity, message, now)


def _chat(activity: Activity, ticket: Ticket) -> Card:
    bubble = describe_bubble(activity, ticket)
    return Card(
        activity=activity,
        author=bubble.author,
        title=bubble.title,
        is_ours=bubble.is_ours,
        text=None,
        files=tuple(activity.attachments.all()),
        bubble=bubble,
        trace=_trace(activity.chat),
    )


def _message_of(activity: Activity) -> Message | None:
    message: Message | None = getattr(activity, "message", None)
    return message


def _note(activity: Activity, message: Message | None) -> Card:
    author = str(activity.advisor) if activity.advisor else _sender(message)
    flags = tuple(_badges(message.flags)) if message else ()
    return Card(
        activity=activity,
        author=author,
        title=_("Internal note by %(author)s") % {"author": author},
        is_ours=True,
        text=bodies.note_body(activity),
        files=tuple(activity.attachments.all()),
        message=message,
        badges=flags,
        trace=_trace(message) if message else (),
    )


def _received(activity: Activity, message: Message, ticket: Ticket) -> Card:
    author = _sender(message)
    return Card(
        activity=activity,
        author=author,
        title=_("Email from %(author)s") % {"author": author},
        is_ours=False,
        text=None if message.html else bodies.plain_body(message),
        files=_files(activity, has_html=bool(message.html)),
        message=message,
        addressed=_addressed(message, _own_addresses(message, ticket)),
        badges=(*_copied(message, ticket), *_badges(message.flags)),
        images=remote_images(message.html),
        shows_images=getattr(activity, "are_pictures_shown", False),
        trace=_trace(message),
        notice=notice_of(message, activity.attachments.all()),
        invitation=(invitation := invitation_in(activity.attachments.all())),
        asks=bool(invitation and guest_among(invitation, _received_by(message))),
        checked=delivery.authentication if (delivery := _delivery(message)) else "",
    )


def _sent(activity: Activity, message: Message, now: datetime) -> Card:
    author = str(activity.advisor) if activity.advisor else message.sender_name
    return Card(
        activity=activity,
        author=author,
        title=_("Email by %(author)s") % {"author": author},
        is_ours=True,
        text=bodies.own_body(message) if message.html else bodies.plain_body(message),
        files=_files(activity, has_html=bool(message.html)),
        message=message,
        addressed=_addressed(message, {}),
        badges=tuple(_badges(message.flags)),
        sending=describe_sending(message.outgoing, now=now) if message.outgoing else None,
    )


def _sender(message: Message | None) -> str:
    if message is None:
        return ""
    return message.sender_name or message.sender_address or _("Unknown sender")


def _files(activity: Activity, *, has_html: bool) -> tuple[Attachment, ...]:
    """The files below a message: all but the pictures that stand in its text."""
    return tuple(
        file
        for file in activity.attachments.all()
        if not (has_html and file.is_inline and file.content_id and file.content_type in bodies.RASTER)
    )


def _addressed(message: Message, own: Mapping[str, str]) -> str:
    """to Service · CC Inés Roldán"""
    parts = [_("to %(people)s") % {"people": _names(message.to, own)}] if message.to else []
    if message.cc:
        parts.append(_("CC %(people)s") % {"people": _names(message.cc, own)})
    if message.bcc:
        parts.append(_("BCC %(people)s") % {"people": _names(message.bcc, own)})
    return " · ".join(parts)


def _names(people: Iterable[tuple[str, str]], own: Mapping[str, str]) -> str:
    return ", ".join(own.get(address) or name or address for name, address in people)


def _own_addresses(message: Message, ticket: Ticket) -> dict[str, str]:
    """The addresses by which a team received it, with the team's name where it is the ticket's."""
    if message.team_id != ticket.team_id:
        return {}
    return {
        address: ticket.team.name for delivery in message.deliveries.all() for address in delivery.rcpt_to
    }


def _received_by(message: Message) -> set[str]:
    return {without_tag(address) for delivery in message.deliveries.all() for address in delivery.rcpt_to}


def _copied(message: Message, ticket: Ticket) -> Iterable[Badge]:
    """CC: somebody else than the customer writes, who had it in copy."""
    flagged = {Flag.NEW_PERSON, Flag.WAS_BCC, Flag.FROM_ADVISOR, Flag.LOOKS_LIKE} & set(message.flags)
    if not flagged and message.contact_id != ticket.contact_id and not _is_customers(message, ticket):
        yield Badge(_("CC"), "solid")


def _is_customers(message: Message, ticket: Ticket) -> bool:
    return message.sender_address in {email.address for email in ticket.contact.emails.all()}


def _badges(flags: Iterable[str]) -> Iterable[Badge]:
    """In the order of Flag. A flag of a later version is left out."""
    shown = set(flags) - _SHOWN_OTHERWISE
    return [badge for flag, badge in _BADGES.items() if flag in shown]


def _trace(message: Message | ChatMessage) -> tuple[TraceLine, ...]:
    """Of the delivery that brought it; the copies have traces of their own."""
    delivery = _delivery(message)
    return tuple(trace_lines(delivery.trace)) if delivery else ()


def _delivery(message: Message | ChatMessage) -> ReceivedMessage | None:
    """The delivery that brought a message."""
    for delivery in sorted(message.deliveries.all(), key=lambda delivery: delivery.pk):
        if delivery.outcome != ReceivedMessage.Outcome.DUPLICATE:
            return delivery
    return None

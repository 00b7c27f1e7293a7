"""What an advisor sees of a message: made safe, history and signature folded, its pictures in place."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe

from emailhub import mail
from emailhub.desk.models import Activity, Attachment, Message

from .frames import LONGEST_TEXT, frame_pieces
from .remote_images import own_urls

RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")


@dataclass(frozen=True)
class Text:
    """Safe HTML of what was written, of the history below it, and of the sender's signature."""

    new: SafeString
    history: SafeString | str = ""
    signature: SafeString | str = ""


def frame_body(message: Message, *, with_images: bool = False) -> str:
    """The document of the frame that shows a received mail; `with_images` that lie elsewhere, through us."""
    try:
        new, history, signature = _sanitised(message, own_urls(message) if with_images else None)
    except mail.TooComplexError:
        text = plain_body(message)
        new, history, signature = text.new, text.history, text.signature
    return frame_pieces(new, history, signature)


def plain_body(message: Message) -> Text:
    """The text of a mail without HTML: lines and links, history and signature apart."""
    folded = mail.fold_text(message.text[:LONGEST_TEXT], subject=message.subject)
    return Text(linked(folded.visible), linked(folded.history), linked(folded.signature))


def own_body(message: Message) -> Text:
    """The HTML of a mail that we sent, to stand in the page itself."""
    try:
        return Text(*map(mark_safe, _sanitised(message)))  # sanitised
    except mail.TooComplexError:
        return plain_body(message)


def note_body(activity: Activity) -> Text:
    """The HTML of a note, made safe once more."""
    if not activity.html:
        return Text(linked(activity.text[:LONGEST_TEXT]))
    try:
        return Text(mark_safe(mail.sanitise(activity.html, cid=picture_urls(activity)).html))  # noqa: S308
    except mail.TooComplexError:
        return Text(linked(activity.text[:LONGEST_TEXT]))


def picture_urls(activity: Activity) -> dict[str, str]:
    """Our addresses of the message's own pictures, by Content-ID. Nothing but pixels is shown in place."""
    return {
        attachment.content_id: attachment_url(attachment)
        for attachment in activity.attachments.all()
        if attachment.content_id and attachment.content_type in RASTER
    }


def attachment_url(attachment: Attachment) -> str:
    return reverse("attachment", args=[attachment.public_id])


def linked(text: str) -> SafeString:
    """Plain text as it was typed, web and mail addresses as links that open elsewhere."""
    if not text.strip():
        return SafeString()
    links = urlize(escape(text.strip("\r\n")), nofollow=True, autoescape=False)
    links = links.replace("<a href=", '<a target="_blank" rel="noopener noreferrer" href=')
    return mark_safe(f'<div class="plain" dir="auto">{links}</div>')  # noqa: S308  (escaped)


def _sanitised(message: Message, image_url: mail.ImageUrl | None = None) -> tuple[str, str, str]:
    """The pieces of a mail: what was written, its history, its signature."""
    pictures = picture_urls(message.activity)
    folded = mail.fold_html(message.html, subject=message.subject)
    new, history, signature = (
        mail.sanitise(piece, cid=pictures, image_url=image_url).html if piece else ""
        for piece in (folded.visible, folded.history, folded.signature)
    )
    return new, history, signature

"""What `emailhub mail render` says of a mail: the document of its frame, with its own pictures in it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from emailhub import mail

_RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")
_MOST_PICTURES = 20_000_000  # octets of all pictures; those beyond it are left out


def rendered(raw: bytes) -> dict[str, object]:
    """The document that an advisor's browser would get; with pages the pictures have addresses instead."""
    message = mail.unpack(mail.parse(raw))
    shown = mail.show(message.html, message.text, subject=message.subject, cid=dict(_pictures(message)))
    return {
        "html": mail.frame_document(shown.html, history=shown.history, signature=shown.signature),
        "blocked_images": shown.blocked_images,
    }


def _pictures(message: mail.Message) -> Iterator[tuple[str, str]]:
    """The address (RFC 2397) of each of the mail's own pictures, by the name that its HTML gives them."""
    left = _MOST_PICTURES
    for attachment in message.attachments:
        name = attachment.content_id or attachment.content_location
        if name and attachment.content_type in _RASTER and attachment.size <= left:
            left -= attachment.size
            yield name, f"data:{attachment.content_type};base64,{b64encode(attachment.content).decode()}"

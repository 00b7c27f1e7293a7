"""The last message of a conversation, quoted below a reply."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from emailhub.mail.linkify import linkify
from emailhub.mail.message import Message
from emailhub.mail.sanitise import TooComplexError, sanitise_outgoing
from emailhub.mail.trim_html import fold_html
from emailhub.mail.trim_text import fold_text

_BORDER = "margin:0 0 0 8px;padding-left:10px;border-left:2px solid #c9c9c9"


def quote_html(message: Message, attribution: str, *, images: Mapping[str, str] | None = None) -> str:
    """Return what a message says, without its own history, as the quotation to put below a reply.

    `attribution` is the line above it, as text ("On ..., Ana wrote:"), worded by the caller. `images` gives
    the new `cid:` address for each image that goes along, by its old one; the others are left out.
    The classes are those by which mail clients, and fold_html(), know a quotation.
    """
    return (
        f'<div class="gmail_quote"><div class="gmail_attr">{escape(attribution)}</div>'
        f'<blockquote class="gmail_quote" type="cite" style="{_BORDER}">{_said(message, images or {})}'
        "</blockquote></div>"
    )


def _said(message: Message, images: Mapping[str, str]) -> str:
    if message.html:
        visible = fold_html(message.html, subject=message.subject).visible
        try:
            return sanitise_outgoing(visible, images=images)
        except TooComplexError:
            pass
    return linkify(fold_text(message.text, subject=message.subject).visible)

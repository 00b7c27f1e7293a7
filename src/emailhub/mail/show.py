"""A received message as the timeline shows it: safe, history and signature apart, as text if it is a bomb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emailhub.mail.linkify import linkify
from emailhub.mail.sanitise import ImageUrl, TooComplexError, sanitise
from emailhub.mail.trim_html import fold_html
from emailhub.mail.trim_text import fold_text


@dataclass(frozen=True, slots=True)
class Shown:
    """Safe HTML for frame_document(), and how many remote images it lacks."""

    html: str
    history: str = ""
    signature: str = ""
    blocked_images: int = 0


def show(
    html: str,
    text: str,
    *,
    subject: str = "",
    cid: Mapping[str, str] | None = None,
    image_url: ImageUrl | None = None,
) -> Shown:
    """Return a message's body to show; its HTML if it has any that a browser can bear, else its text.

    `cid` and `image_url` are those of sanitise().
    """
    if html:
        folded = fold_html(html, subject=subject)
        try:
            visible, history, signature = (
                sanitise(piece, cid=cid, image_url=image_url)
                for piece in (folded.visible, folded.history, folded.signature)
            )
        except TooComplexError:
            pass
        else:
            blocked = visible.blocked_images + history.blocked_images + signature.blocked_images
            return Shown(visible.html, history.html, signature.html, blocked)
    plain = fold_text(text, subject=subject)
    return Shown(
        linkify(plain.visible),
        linkify(plain.history) if plain.history else "",
        linkify(plain.signature) if plain.signature else "",
    )

"""The frame in which a mail is shown: its document, and a policy under which it runs and fetches nothing."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from emailhub import mail

FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
LONGEST_TEXT = 200_000  # longer texts are shown to here; the original has the rest


def frame_response(document: str, *, is_kept: bool = True) -> HttpResponse:
    """Answer with a frame's document. `is_kept`: the browser may keep it, for nobody else, for an hour."""
    response = HttpResponse(document)
    response["Content-Security-Policy"] = FRAME_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600" if is_kept else "private, no-store"
    return response


def frame_mail(message: mail.Message, *, cid: Mapping[str, str] | None = None, heading: str = "") -> str:
    """The document that shows a mail, below safe HTML of ours. `cid`: addresses of its own pictures."""
    shown = mail.show(message.html, message.text[:LONGEST_TEXT], subject=message.subject, cid=cid)
    return frame_pieces(f"{heading}{shown.html}", shown.history, shown.signature)


def frame_pieces(new: str, history: str = "", signature: str = "") -> str:
    """The document around sanitised pieces, in the reader's language; history and signature are folded."""
    return mail.frame_document(
        new,
        lang=get_language() or "",
        history=history,
        history_label=_("Show quoted text"),
        signature=signature,
        signature_label=_("Show signature"),
    )

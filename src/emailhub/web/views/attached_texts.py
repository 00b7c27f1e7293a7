"""/attachments/<id>/text/: an attached file that is text, opened in place."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from emailhub import store
from emailhub.mail.charsets import decode_bytes
from emailhub.mail.storable import storable

from ..access import readable_attachment
from ..enclosures import is_text
from ..frames import LONGEST_TEXT, frame_pieces, frame_response
from ..requests import AdvisorRequest


@require_safe
def attached_text(request: AdvisorRequest, public_id: UUID) -> HttpResponse:
    """The document of its frame: the characters of the file and nothing that they would mean elsewhere.

    HTML, SVG and scripts are shown as their source. A file that is no text by its bytes is only downloaded.
    """
    file = readable_attachment(request, public_id)
    if not is_text(file):
        raise Http404
    content = store.get(file.company_id, file.content_key)
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Http404
    text = storable(decode_bytes(content).removeprefix("\ufeff"))[:LONGEST_TEXT]
    shown = format_html('<pre style="white-space:pre-wrap;overflow-wrap:anywhere;margin:0">{}</pre>', text)
    return frame_response(frame_pieces(shown))

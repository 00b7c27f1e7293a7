"""/messages/9/…: the mail itself, in its frame and as it was received or sent."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from emailhub.desk.models import Message

from ..access import readable_message
from ..bodies import frame_body
from ..downloads import send_stored
from ..requests import AdvisorRequest

FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


@require_safe
def body(request: AdvisorRequest, message_id: int) -> HttpResponse:
    """The document of the frame: made safe, and under a policy that runs and fetches nothing."""
    response = HttpResponse(frame_body(readable_message(request, message_id)))
    response["Content-Security-Policy"] = FRAME_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
def original(request: AdvisorRequest, message_id: int) -> HttpResponseBase:
    """The source, as plain text."""
    message = readable_message(request, message_id)
    return _source(request, message, "text/plain; charset=utf-8", inline=True)


@require_safe
def eml(request: AdvisorRequest, message_id: int) -> HttpResponseBase:
    """The source as a file for a mail program."""
    return _source(request, readable_message(request, message_id), "message/rfc822", inline=False)


def _source(
    request: AdvisorRequest, message: Message, content_type: str, *, inline: bool
) -> HttpResponseBase:
    filename = f"{message.ticket.number}-{message.pk}.{'txt' if inline else 'eml'}"
    return send_stored(
        request, message.company_id, message.content_key, filename, content_type, inline=inline
    )

"""/messages/9/…: the mail itself, in its frame and as it was received or sent."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from emailhub.desk.models import Message

from ..access import readable_message
from ..bodies import frame_body
from ..downloads import send_stored
from ..frames import frame_response
from ..requests import AdvisorRequest


@require_safe
def body(request: AdvisorRequest, message_id: int) -> HttpResponse:
    """The document of the frame: made safe, and under a policy that runs nothing.

    ?images=1 is who asks for the images that lie elsewhere; they come through us.
    """
    message = readable_message(request, message_id)
    return frame_response(frame_body(message, with_images=request.GET.get("images") == "1"))


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

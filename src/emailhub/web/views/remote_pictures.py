"""/messages/9/pictures/…/ and /messages/9/shown-sender/: what a mail shows from elsewhere."""

from __future__ import annotations

from django.core import signing
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from emailhub.desk import remote_pictures
from emailhub.egress.pictures import NoPictureError, TooManyPicturesError

from ..access import readable_message, workable_ticket
from ..downloads import send_stored
from ..remote_images import signed_address
from ..requests import AdvisorRequest, intended_method
from ..returns import back_to_ticket


@require_safe
def remote_picture(request: AdvisorRequest, message_id: int, signed: str) -> HttpResponseBase:
    """One picture, through us: whoever sent the mail does not see who looks."""
    message = readable_message(request, message_id)
    try:
        picture = remote_pictures.remote_picture(message, signed_address(message, signed), now=timezone.now())
    except TooManyPicturesError:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    except (signing.BadSignature, NoPictureError) as error:
        raise Http404 from error
    return send_stored(
        request, message.company_id, picture.content_key, "", picture.content_type, inline=True
    )


@require_http_methods(["POST", "DELETE"])
def shown_sender(request: AdvisorRequest, message_id: int) -> HttpResponse:
    """POST shows the pictures of the mail's sender to the team from now on, DELETE asks again each time."""
    message = readable_message(request, message_id)
    ticket = workable_ticket(request, message.ticket.number)
    if intended_method(request) == "DELETE":
        remote_pictures.ask_again(message, by=request.advisor)
    else:
        remote_pictures.show_always(message, by=request.advisor, now=timezone.now())
    return back_to_ticket(request, ticket)

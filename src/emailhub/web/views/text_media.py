"""/media/texting/<token>/<name>: a gateway fetches a file of a message that it sends for us."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from emailhub.desk.chat_media import media_of, media_type, short_name
from emailhub.desk.models import Attachment

from ..downloads import send_stored


@login_not_required
@require_safe
def text_media(request: HttpRequest, token: str, filename: str) -> HttpResponseBase:
    """The file, to whoever has the link for as long as it is good; the name in it is for people."""
    try:
        file = media_of(token)
    except (signing.BadSignature, Attachment.DoesNotExist) as error:
        raise Http404 from error
    name = short_name(file.filename)
    return send_stored(request, file.company_id, file.content_key, name, media_type(file), inline=True)

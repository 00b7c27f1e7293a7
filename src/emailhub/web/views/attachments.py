"""/attachments/<id>/: a file of a message, a note or one's own draft."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from emailhub import store
from emailhub.mail.pictures import raster_type

from ..access import readable_attachment
from ..downloads import send_stored
from ..requests import AdvisorRequest


@require_safe
def attachment(request: AdvisorRequest, public_id: UUID) -> HttpResponseBase:
    """The file as a download. Only what is a picture by its bytes is ever shown in place."""
    file = readable_attachment(request, public_id)
    with store.open_content(file.company_id, file.content_key) as content:
        picture = "" if "download" in request.GET else raster_type(content.read(16))
    return send_stored(
        request,
        file.company_id,
        file.content_key,
        file.filename,
        picture or "application/octet-stream",
        inline=bool(picture),
    )

"""/attachments/<id>/link/: DELETE ends the link by which people outside get a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.desk.errors import NotAllowedError
from emailhub.desk.linked_files import end_link

from ..access import readable_attachment
from ..requests import AdvisorRequest, intended_method
from ..returns import back_to_ticket


@require_http_methods(["POST", "DELETE"])
def attachment_link(request: AdvisorRequest, public_id: UUID) -> HttpResponse:
    if intended_method(request) != "DELETE":
        return HttpResponseNotAllowed(["DELETE"])
    file = readable_attachment(request, public_id)
    if file.ticket is None:
        raise Http404
    try:
        end_link(file, by=request.advisor, now=timezone.now())
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    messages.success(request, _("The link to %(file)s opens it no more") % {"file": file.filename})
    return back_to_ticket(request, file.ticket)

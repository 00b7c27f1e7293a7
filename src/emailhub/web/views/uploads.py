"""/uploads/: POST keeps a file for a draft, DELETE forgets it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emailhub.desk.uploads import remove_upload

from ..plain_uploads import keep_file
from ..requests import AdvisorRequest


@require_POST
def uploads(request: AdvisorRequest) -> HttpResponse:
    if not request.advisor.may_write:
        raise PermissionDenied
    file = request.FILES.get("file")
    if file is None or file.size is None:
        return JsonResponse({"words": _("There was no file.")}, status=422)
    largest = max(settings.MAX_ATTACHMENTS_SIZE, settings.MAX_LINKED_FILE_SIZE)
    if file.size > largest:
        most = filesizeformat(largest)
        words = _("%(size)s, the most is %(most)s") % {"size": filesizeformat(file.size), "most": most}
        return JsonResponse({"words": words}, status=413)
    kept = keep_file(request.advisor, file)
    answer = {
        "id": str(kept.public_id),
        "name": kept.filename,
        "size": kept.size,
        "content_type": kept.content_type,
        "url": reverse("attachment", args=[kept.public_id]),
        "cid": f"{kept.public_id}@emailhub",
    }
    return JsonResponse(answer, status=201)


@require_http_methods(["DELETE"])
def an_upload(request: AdvisorRequest, public_id: UUID) -> HttpResponse:
    remove_upload(request.advisor, public_id)
    return HttpResponse(status=204)

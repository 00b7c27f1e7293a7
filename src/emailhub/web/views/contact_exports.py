"""/contacts/export.csv and /contacts/5/person.zip: POST writes a file, and that it was written."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from emailhub.desk.contact_export import export_contacts
from emailhub.desk.permissions import may_manage_contacts
from emailhub.desk.person_export import export_person

from ..contact_forms import managed_contact, require, selection_from
from ..requests import AdvisorRequest


@require_POST
def contact_export(request: AdvisorRequest) -> HttpResponse:
    """The contacts of a list as CSV. It is written inside the company, so it is not streamed."""
    require(may_manage_contacts(request.advisor))
    now = timezone.now()
    pieces = export_contacts(request.advisor, selection_from(request.POST), now=now)
    answer = HttpResponse(b"".join(pieces), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="contacts-{now:%Y-%m-%d}.csv"'
    return answer


@require_POST
def person_export(request: AdvisorRequest, contact_id: int) -> HttpResponseBase:
    """All of one person, as a ZIP."""
    found = managed_contact(request, contact_id)
    now = timezone.now()
    file = tempfile.TemporaryFile()  # closed by the response  # noqa: SIM115
    export_person(found, file, by=request.advisor, now=now)
    file.seek(0)
    name = f"{slugify(found.name) or found.pk}-{now:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")

"""/files/<token>/: a file that was too large for its mail. GET shows what it is, POST hands it out.

Programs that look at every link of a mail follow addresses; they press no buttons, and count for nothing.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from emailhub.desk.linked_files import count_download, is_good, last_day
from emailhub.desk.linked_files import linked_file as find
from emailhub.desk.models import Attachment

from ..downloads import send_stored


@csrf_exempt  # it changes nothing in anybody's name, and who comes has no session
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def linked_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """To whoever has the link for as long as it is good, in the language of the company that sent it."""
    try:
        file = find(token)
    except (signing.BadSignature, Attachment.DoesNotExist) as error:
        raise Http404 from error
    if not is_good(file, now=timezone.now()):
        return _page(request, "emailhub/linked_file/over.html", file, status=410)
    if request.method == "POST":
        return _hand_out(request, file)
    return _page(request, "emailhub/linked_file/page.html", file, status=200)


def _hand_out(request: HttpRequest, file: Attachment) -> HttpResponseBase:
    """As bytes without a type: whatever it is, it does not run here."""
    count_download(file)
    kind = "application/octet-stream"
    response = send_stored(request, file.company_id, file.content_key, file.filename, kind)
    response["Cache-Control"] = "no-store"  # once the link has ended, nobody has it from a cache
    return response


def _page(request: HttpRequest, template: str, file: Attachment, *, status: int) -> HttpResponse:
    language = file.company.language
    with translation.override(language):
        until = last_day(file.linked_until, file.ticket) if file.linked_until and file.ticket else ""
        response = render(request, template, {"file": file, "until": until}, status=status)
    response["Content-Language"] = language
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response

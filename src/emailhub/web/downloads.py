"""Hand out stored bytes. Django says who may have them; the shell before it does the slow sending."""

from __future__ import annotations

from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from emailhub import store

SHELL = "emailhub.shell"  # the WSGI environ key by which the shell says that it is there
FILE_HEADER = "X-EmailHub-File"  # the shell sends this file in place of the empty body; never let out
SALT = "emailhub.web.downloads"
_NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'self'"


def send_stored(
    request: HttpRequest,
    company_id: int | None,
    key: str,
    filename: str,
    content_type: str,
    *,
    inline: bool = False,
) -> HttpResponseBase:
    """Answer with the stored bytes of `key`, as a download unless `inline`.

    Whatever the type says, the browser neither guesses another nor runs anything in it.
    """
    by_shell = request.META.get(SHELL) and store.is_on_disk()
    response = _by_shell(company_id, key) if by_shell else _by_us(company_id, key)
    response["Content-Type"] = content_type
    disposition = content_disposition_header(as_attachment=not inline, filename=filename)
    if disposition:
        response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _NOTHING_RUNS
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def stored_path(header: str) -> str:
    """The path of the file that FILE_HEADER names. Raises signing.BadSignature for a header not of ours."""
    return signing.Signer(salt=SALT).unsign(header)


def _by_shell(company_id: int | None, key: str) -> HttpResponseBase:
    response = HttpResponse()
    response[FILE_HEADER] = signing.Signer(salt=SALT).sign(str(store.path(company_id, key)))
    return response


def _by_us(company_id: int | None, key: str) -> HttpResponseBase:
    return FileResponse(store.open_content(company_id, key))

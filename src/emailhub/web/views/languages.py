"""/language/: the language of the pages before sign-in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in this browser, and go back to where it was chosen."""
    response = HttpResponseRedirect(_where_from(request))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _where_from(request: HttpRequest) -> str:
    where = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(where, {request.get_host()}, require_https=request.is_secure())
    return where if is_ours else "/"

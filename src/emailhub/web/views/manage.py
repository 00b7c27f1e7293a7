"""/manage/: to the first page that the advisor may manage."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ..manage import first_page
from ..requests import AdvisorRequest


@require_safe
def manage(request: AdvisorRequest) -> HttpResponse:
    return redirect(first_page(request.advisor))

"""/search/?q=: tickets by number, contact and text."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emailhub.desk.search import search

from ..requests import AdvisorRequest


@require_safe
def searches(request: AdvisorRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    results = search(request.advisor, words)
    only = results.tickets[0] if len(results.tickets) == 1 else None
    if only is not None and words.removeprefix("#") == str(only.number):
        return redirect("ticket", number=only.number)
    context = {"words": words, "results": results, "now": timezone.now()}
    return render(request, "emailhub/search/page.html", context)

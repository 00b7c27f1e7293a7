"""/search/?q=&tag=: tickets by number, contact and text, of one tag if one is chosen."""

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
    tag = request.GET.get("tag", "")
    tag_id = int(tag) if tag.isdecimal() and len(tag) < 19 else None
    results = search(request.advisor, words, tag_id)
    only = results.tickets[0] if len(results.tickets) == 1 else None
    if only is not None and words.removeprefix("#") == str(only.number):
        return redirect("ticket", number=only.number)
    context = {"words": words, "tag_id": tag_id, "results": results, "now": timezone.now()}
    return render(request, "emailhub/search/page.html", context)

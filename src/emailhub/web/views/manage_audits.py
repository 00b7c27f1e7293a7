"""/manage/audit/: who changed what, when, and what it was before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emailhub.accounts.audit import Kind, entries_for
from emailhub.accounts.models import AuditEntry

from ..audit_words import kind_word, show
from ..manage import require_manager
from ..requests import AdvisorRequest

_SHOWN = 50


@require_safe
def audit(request: AdvisorRequest) -> HttpResponse:
    """The newest first, as many as a page shows; the filters stand in the query."""
    require_manager(request)
    found = list(_filtered(request, entries_for(request.advisor))[: _SHOWN + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "entries": [show(entry) for entry in found[:_SHOWN]],
        "next": found[_SHOWN - 1].pk if len(found) > _SHOWN else None,
        "query": query.urlencode(),
        "kinds": [(kind.value, kind_word(kind)) for kind in Kind],
        "given": request.GET,
        "now": timezone.now(),
    }
    return render(request, "emailhub/manage/audit.html", context)


def _filtered(request: AdvisorRequest, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    given = request.GET
    if given.get("kind") in Kind.values:
        entries = entries.filter(kind=given["kind"])
    if words := given.get("q", "").strip()[:100]:
        entries = entries.filter(Q(what__icontains=words) | Q(by_name__icontains=words))
    if first := _midnight(given.get("from", "")):
        entries = entries.filter(at__gte=first)
    if last := _midnight(given.get("to", "")):
        entries = entries.filter(at__lt=last + timedelta(days=1))
    if (before := given.get("before", "")).isdecimal() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    return entries


def _midnight(typed: str) -> datetime | None:
    """The beginning of a day where the reader is; None for what is no day."""
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(typed), time()))
    except (ValueError, OverflowError):
        return None

"""/notifications/: what the advisor has been told."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from emailhub.desk.models import Notification
from emailhub.desk.notifications import newest, read

from ..notification_page import entries_of
from ..requests import AdvisorRequest, wants_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: AdvisorRequest) -> HttpResponse:
    """The list, the newest first. POST marks all of them as read."""
    now = timezone.now()
    if request.method == "POST":
        read(Notification.objects.of(request.advisor), now=now)
        return redirect("notifications")
    page = "_list.html" if wants_fragment(request) else "page.html"
    entries = entries_of(newest(request.advisor))
    return render(request, f"emailhub/notifications/{page}", {"entries": entries, "now": now})

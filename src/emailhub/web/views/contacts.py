"""/contacts/5/: the card beside a ticket; POST edits the contact in place."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from emailhub.desk import contacts
from emailhub.desk.errors import DeskError
from emailhub.desk.models import Contact

from ..requests import AdvisorRequest, wants_fragment


@require_http_methods(["GET", "POST"])
def contact(request: AdvisorRequest, contact_id: int) -> HttpResponse:
    found = get_object_or_404(
        Contact.objects.visible_to(request.advisor).select_for_update(of=("self",)), pk=contact_id
    )
    error = _save(request, found) if request.method == "POST" else None
    if error is None and request.method == "POST" and not wants_fragment(request):
        return redirect(_back(request))
    context: dict[str, object] = {
        "contact": found,
        "may_work": request.advisor.may_write,
        "error": error,
        "prefix": "tab-" if request.POST.get("prefix") == "tab-" else "",
    }
    if error:
        emails, phones = request.POST.getlist("email"), request.POST.getlist("phone")
        context |= {"posted": request.POST, "posted_emails": emails, "posted_phones": phones}
    return render(request, "emailhub/contact/_card.html", context, status=422 if error else 200)


def _save(request: AdvisorRequest, found: Contact) -> DeskError | None:
    """Store the card as posted, all of it or nothing."""
    if not request.advisor.may_write:
        raise PermissionDenied
    try:
        with transaction.atomic():
            fields = {name: request.POST[name] for name in contacts.FIELDS if name in request.POST}
            contacts.edit_contact(found, **fields)
            contacts.set_emails(found, request.POST.getlist("email"))
            contacts.set_phones(found, request.POST.getlist("phone"))
            contacts.confirm(found, now=timezone.now())
            contacts.announce_change(found)
    except DeskError as error:
        found.refresh_from_db()
        return error
    return None


def _back(request: AdvisorRequest) -> str:
    """Where the form stood, if that is a page of ours."""
    back = request.POST.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"

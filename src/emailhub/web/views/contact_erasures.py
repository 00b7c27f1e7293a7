"""/contacts/5/erasure/: forget a person, after having been told what that means."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.intake.erasing import erase_contact

from ..contact_forms import managed_contact
from ..requests import AdvisorRequest


@require_http_methods(["GET", "POST"])
def contact_erasure(request: AdvisorRequest, contact_id: int) -> HttpResponse:
    found = managed_contact(request, contact_id)
    if request.method == "POST":
        texts = request.POST.get("texts") == "1"
        erase_contact(found, texts=texts, by=request.advisor, now=timezone.now())
        messages.success(request, _("The contact is deleted"))
        return redirect("contacts")
    context = {"contact": found, "tickets": found.tickets.count()}
    return render(request, "emailhub/contacts/erase.html", context)

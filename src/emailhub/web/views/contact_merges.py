"""/contacts/5/merge/: find the other one, see what would become of both, make them one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emailhub.desk.directory import Selection, page_of
from emailhub.desk.errors import SameContactError
from emailhub.desk.merging import merge, preview_merge
from emailhub.desk.models import Contact

from ..contact_forms import editable_contact, selection_from, visible_contact
from ..requests import AdvisorRequest

_CANDIDATES = 10


@require_http_methods(["GET", "POST"])
def contact_merge(request: AdvisorRequest, contact_id: int) -> HttpResponse:
    """The one of the address stays, the one named by `with` goes."""
    kept = editable_contact(request, contact_id)
    gone = _other(request)
    if request.method == "POST" and gone is not None:
        try:
            merge(kept, gone, by=request.advisor, now=timezone.now())
            messages.success(request, _("The two contacts are one now"))
        except SameContactError as error:
            messages.error(request, str(error))
        return redirect("contact", contact_id=kept.pk)
    return _offer(request, kept, gone)


def _offer(request: AdvisorRequest, kept: Contact, gone: Contact | None) -> HttpResponse:
    words = selection_from(request.GET).words
    context: dict[str, object] = {"contact": kept, "words": words}
    if gone is not None and gone.pk != kept.pk and not gone.erased_at:
        context |= {"other": gone, "preview": preview_merge(kept, gone)}
    elif words:
        found = page_of(request.advisor, Selection(words=words), size=_CANDIDATES + 1).rows
        context["candidates"] = [one for one in found if one.pk != kept.pk][:_CANDIDATES]
    return render(request, "emailhub/contacts/merge.html", context)


def _other(request: AdvisorRequest) -> Contact | None:
    named = request.POST.get("with") or request.GET.get("with", "")
    if not (named.isascii() and named.isdecimal() and len(named) < 19):
        return None
    return visible_contact(request, int(named))

"""/contacts/5/release/: POST lets in all that is held from a contact who is known by now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from emailhub import store
from emailhub.intake.held import HeldError, release_from
from emailhub.intake.preview import UnreadableError

from ..contact_forms import editable_contact
from ..requests import AdvisorRequest


@require_POST
def contact_release(request: AdvisorRequest, contact_id: int) -> HttpResponse:
    found = editable_contact(request, contact_id)
    try:
        count = release_from(found, by=request.advisor, now=timezone.now())
    except HeldError as error:
        messages.error(request, str(error))
    except (UnreadableError, store.MissingError):
        messages.error(request, _("This email cannot be read any more."))
    else:
        said = ngettext("%(count)s email is let in", "%(count)s emails are let in", count)
        messages.success(request, said % {"count": count})
    return redirect("contact", contact_id=found.pk)

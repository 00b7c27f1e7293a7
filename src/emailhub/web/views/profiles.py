"""/profile/: name, language, time zone and e-mail signature."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from emailhub import mail
from emailhub.accounts.models import User
from emailhub.accounts.profile import set_signature
from emailhub.desk.errors import TooComplexTextError

from ..composing import read_html
from ..policy import lets_write
from ..requests import AdvisorRequest
from ..security import security_of

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm  # Django's own class takes no parameter


class ProfileForm(UserForm):
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [
            (zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone
        ],
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")


@lets_write
@require_http_methods(["GET", "POST"])
def profile(request: AdvisorRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.advisor.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Profile saved"))
        return redirect("profile")
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "signature_text": mail.plain_text(request.advisor.signature),
        "security": security_of(request),
        "now": timezone.now(),
    }
    return render(request, "emailhub/profile/page.html", context, status=status)


@require_http_methods(["POST"])
def signature(request: AdvisorRequest) -> HttpResponse:
    """POST stores the signature as the editor, or the plain field, has it."""
    post = request.POST.copy()
    post["html"], post["text"] = post.get("signature_html", ""), post.get("signature_text", "")
    try:
        set_signature(request.advisor, read_html(post))
    except TooComplexTextError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Signature saved"))
    return redirect("profile")

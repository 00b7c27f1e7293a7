"""/profile/: name, language, time zone and e-mail signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from emailhub import mail
from emailhub.accounts.models import Advisor, User
from emailhub.accounts.profile import own_teams, set_default_team, set_signature
from emailhub.desk.errors import TooComplexTextError

from ..notification_form import choice_table, store_choices
from ..policy import lets_write
from ..posted import read_html
from ..requests import AdvisorRequest
from ..security import security_of
from ..time_zones import zone_choices

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm  # Django's own class takes no parameter


class ProfileForm(UserForm):
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zone_choices)
    default_team = forms.ChoiceField(
        label=gettext_lazy("Default team"),
        help_text=gettext_lazy("A ticket that you open is this team's unless you choose another."),
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")

    def __init__(self, advisor: Advisor, posted: QueryDict | None) -> None:
        super().__init__(posted, instance=advisor.user, initial={"default_team": advisor.default_team_id})
        teams = own_teams(advisor)
        if len(teams) < 2:  # there is nothing to choose
            del self.fields["default_team"]
            return
        choice = self.fields["default_team"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(team.pk, team.name) for team in teams]


@lets_write
@require_http_methods(["GET", "POST"])
def profile(request: AdvisorRequest) -> HttpResponse:
    form = ProfileForm(request.advisor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        if chosen := form.cleaned_data.get("default_team"):
            set_default_team(request.advisor, int(chosen))
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Profile saved"))
        return redirect("profile")
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "signature_text": mail.plain_text(request.advisor.signature),
        "security": security_of(request),
        "choices": choice_table(request),
        "now": timezone.now(),
    }
    return render(request, "emailhub/profile/page.html", context, status=status)


@require_http_methods(["POST"])
def notification_choices(request: AdvisorRequest) -> HttpResponse:
    """POST stores of what, and how, the advisor wants to be told."""
    store_choices(request.advisor, request.POST)
    messages.success(request, _("Notifications saved"))
    return redirect(f"{reverse('profile')}#notifications")


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

"""/first-run/: who can read what the server prints makes the first company, in the browser."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from emailhub.accounts.errors import AccountsError
from emailhub.accounts.first_run import is_first_run_code
from emailhub.hub.found_company import Founding, NotFirstError, found_company, is_first_run

from ..new_log_in import PasswordField, enter, refuse_weak
from ..time_zones import zone_choices


class FirstRunForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"), help_text=gettext_lazy("The server has printed it where it was started.")
    )
    company = forms.CharField(
        label=gettext_lazy("Company"), max_length=200, help_text=gettext_lazy("As your customers know it.")
    )
    team = forms.CharField(
        label=gettext_lazy("First team"),
        max_length=100,
        help_text=gettext_lazy("Its email address is made from this name and the company's."),
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zone_choices)
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=100)
    email = forms.EmailField(label=gettext_lazy("Your email"))
    password = PasswordField()

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not is_first_run_code(typed):
            raise forms.ValidationError(_("That is not the code that this server has printed."))
        return typed

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        refuse_weak(self, email=given.get("email", ""), name=given.get("name", ""))
        return given


@login_not_required
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """The form, until there is a company; then there is nothing here any more."""
    if not is_first_run():
        return redirect("account_login")
    form = FirstRunForm(request.POST or None, initial={"team": _("Support"), "time_zone": "Europe/Madrid"})
    try:
        if request.method == "POST" and form.is_valid() and _found(request, form):
            return redirect("manage_start")
    except NotFirstError:
        return redirect("account_login")
    return render(request, "emailhub/first_run.html", {"form": form}, status=422 if form.errors else 200)


def _found(request: HttpRequest, form: FirstRunForm) -> bool:
    """Make the company and sign its administrator in. What is refused stands in the form."""
    given = form.cleaned_data
    founding = Founding(
        name=given["company"],
        team=given["team"],
        admin_email=given["email"],
        admin_name=given["name"],
        password=given["password"],
        language=translation.get_language() or "en",
        time_zone=given["time_zone"],
    )
    try:
        founded = found_company(founding, now=timezone.now(), must_be_first=True)
    except NotFirstError:
        raise
    except AccountsError as error:
        form.add_error("company", str(error))
        return False
    enter(request, founded.admin)
    return True

"""/invitations/TOKEN/: the address in the mail. It is taken out of the address line at once, and then

/invitations/acceptance/ asks for a name and a password, or whether the log-in that one has shall be used.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from emailhub.accounts.errors import InvitationError, UsedInvitationError
from emailhub.accounts.invitations import accept, accept_as, company_of_token, find
from emailhub.accounts.models import Advisor, Invitation, User
from emailhub.accounts.tenancy import company

from ..new_log_in import PasswordField, enter, refuse_weak

_TOKEN = "invitation_token"  # noqa: S105  (a name in the session)


class AcceptanceForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=100)
    password = PasswordField()

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean(self) -> dict[str, Any]:
        refuse_weak(self, email=self._email, name=self.cleaned_data.get("name", ""))
        return self.cleaned_data


@login_not_required
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Keep the token in the session, so that it stands in no address that a page gives away."""
    request.session[_TOKEN] = token
    return redirect("invitation_acceptance")


@login_not_required
@require_http_methods(["GET", "POST"])
def acceptance(request: HttpRequest) -> HttpResponse:
    token = str(request.session.get(_TOKEN, ""))
    company_id = company_of_token(token)
    try:
        if company_id is None:
            raise UsedInvitationError
        with company(company_id):
            return _answer(request, find(token, now=timezone.now()), token)
    except InvitationError as error:
        return render(request, "emailhub/invitation/refused.html", {"error": error}, status=410)


def _answer(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    """For whoever stands at the door: a new person, the invited one signed in, or somebody else."""
    context: dict[str, object] = {"invitation": found, "here": reverse("invitation_acceptance")}
    if isinstance(request.user, User):
        context["is_right"] = request.user.email == found.email
        if request.method == "POST":
            accepted = accept_as(request.user, token, now=timezone.now())
            return _enter(request, accepted)
        return render(request, "emailhub/invitation/join.html", context)
    if User.objects.filter(email=found.email).exists():
        return render(request, "emailhub/invitation/sign_in.html", context)
    return _new_person(request, found, token, context)


def _new_person(
    request: HttpRequest, found: Invitation, token: str, context: dict[str, object]
) -> HttpResponse:
    form = AcceptanceForm(request.POST or None, email=found.email, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        accepted = accept(
            token,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
            language=translation.get_language() or found.company.language,
            now=timezone.now(),
        )
        enter(request, accepted.user)
        return _enter(request, accepted)
    status = 422 if form.errors else 200
    return render(request, "emailhub/invitation/acceptance.html", {**context, "form": form}, status=status)


def _enter(request: HttpRequest, advisor: Advisor) -> HttpResponse:
    """Into the company that was joined, whichever the browser was in before."""
    request.session.pop(_TOKEN, None)
    request.session.cycle_key()  # what the session may do has changed
    request.session["company_id"] = advisor.company_id
    return redirect("tickets")

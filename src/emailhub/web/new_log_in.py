"""Somebody begins here: the password of a new log-in, and the first sign-in with it."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import User


class PasswordField(forms.CharField):
    """One field: what was mistyped is reset by mail, and a second one is no less mistyped."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Password"),
            strip=False,
            max_length=1000,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )


def refuse_weak(form: forms.Form, *, email: str, name: str) -> None:
    """Add to the form what is wrong with its password for this person."""
    password = form.cleaned_data.get("password")
    if password:
        try:
            validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            form.add_error("password", error)


def enter(request: HttpRequest, user: User) -> None:
    """Sign the owner of a new log-in in."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])

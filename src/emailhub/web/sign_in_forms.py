"""Two of allauth's forms, made to hold against guessing who has an account and against racing a link."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.account.adapter import get_adapter
from allauth.account.utils import url_str_to_user_pk
from allauth.core import context
from django.utils import translation

from emailhub.accounts.models import User

_NOBODY = 0  # the id of no user


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    """Does for an address of nobody all that it does for somebody's: else the time would tell them apart.

    The outbox composes and stores such a mail, and takes it back before anybody sees it.
    """

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if not self.users:
            language = translation.get_language() or "en"
            self.users: list[User] = [User(pk=_NOBODY, email=email, language=language)]
        return email


class NewPasswordForm(forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """Sets the password by a link from a mail; failed attempts of others are forgotten with the old one."""

    def save(self) -> None:
        super().save()
        get_adapter().forget_attempts(context.request, self.user)


class OneUseTokenForm(forms.UserTokenForm):  # type: ignore[misc]
    """Holds the user's row until the password is set: of several who use one link at once, one is let in."""

    def _get_user(self, uidb36: str | None) -> User | None:
        try:
            pk: Any = url_str_to_user_pk(uidb36)
        except ValueError:
            return None
        return User.objects.select_for_update().filter(pk=pk, is_active=True).first()

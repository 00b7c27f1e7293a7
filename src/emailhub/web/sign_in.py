"""How allauth's sign-in behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: people come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address in the mail. It is always ours, whatever host the asking browser named."""
        named: str = super().get_reset_password_from_key_url(key)
        return f"{settings.URL}/{named.split('/', 3)[3]}"

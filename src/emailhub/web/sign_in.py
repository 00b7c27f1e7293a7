"""How allauth's sign-in behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.company_mail import CompanyMail
from emailhub.accounts.entrance import companies_of
from emailhub.accounts.models import User
from emailhub.accounts.sessions import forget_expired

from . import known_browsers


class Door(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; links in mails are ours; guesses are counted so that they shut out nobody else."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait a quarter of an hour, or choose a new password by email."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether `next` may lead there: only to a path of ours, however it is spelled."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address in the mail. It is always ours, whatever host the asking browser named."""
        return _ours(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _ours(super().get_email_confirmation_url(request, emailconfirmation))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return f"{reverse('profile')}#security"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail about an account, in its owner's language, by way of a company in which they work.

        The address alone would not say which: a new one is nobody's yet, and an old one nobody's any more.
        """
        user = context.get("user") or self.request.user
        given = {"request": self.request, "email": email, "user": user, "our_url": settings.URL, **context}
        with translation.override(getattr(user, "language", None) or translation.get_language()):
            text = self.render_mail(template_prefix, email, given)
        company_id = next(iter(companies_of(user.pk)), None)
        mail = CompanyMail(company_id, to=email, subject=text.subject, body=text.body) if company_id else text
        mail.send()

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Let a confirmed address take the old one's place, unless it has become somebody else's log-in."""
        others = User.objects.filter(email__iexact=email_address.email).exclude(pk=email_address.user_id)
        if others.exists():
            return False
        with transaction.atomic():
            confirmed: bool = super().confirm_email(request, email_address)
            return confirmed

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        forget_expired(now=timezone.now())

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return known_browsers.remember(request, response, user)

    def forget_attempts(self, request: HttpRequest, user: User) -> None:
        """Open the door again to somebody who has proved to own the account's mailbox."""
        self._delete_login_attempts_cached_email(request, email=user.email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What failed attempts are counted under.

        By account for browsers in which its owner was never signed in, so that guesses from everywhere are
        counted together. A browser that its owner has used counts for itself: strangers cannot shut it out.
        """
        email = str(credentials.get("email", "")).lower()
        return f"{email} {known_browsers.name_of(request, email)}"


def _ours(url: str) -> str:
    return f"{settings.URL}/{url.split('/', 3)[3]}"

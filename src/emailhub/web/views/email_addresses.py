"""/account/email/: the address with which somebody signs in, and the one that is to take its place."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from emailhub.accounts.models import User


class EmailAddressView(EmailView):  # type: ignore[misc]
    """allauth's, told that the present address is a confirmed one.

    Its owner got an invitation or an account there. To allauth an address without a row of its own would be
    one that waits to be confirmed, which the next wish replaces: the user would have none.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        assert isinstance(request.user, User)
        confirm_present_address(request.user)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


def confirm_present_address(user: User) -> None:
    """Let allauth know a user's address as theirs, and as the one that counts."""
    own = EmailAddress.objects.filter(user=user)
    own.exclude(email=user.email).filter(primary=True).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )


email_address = login_required(EmailAddressView.as_view())

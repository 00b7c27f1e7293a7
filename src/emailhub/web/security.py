"""*Security* in the profile: how somebody signs in, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from emailhub.accounts.models import User
from emailhub.accounts.sessions import digest, sessions_of

from .browsers import browser_in_words
from .requests import AdvisorRequest


@dataclass(frozen=True)
class SignedIn:
    """A place in which the user is signed in."""

    key: str
    browser: str
    address: str
    since: datetime
    seen_at: datetime
    is_here: bool


@dataclass(frozen=True)
class Security:
    """What the profile shows of it."""

    has_password: bool
    waiting_email: str
    has_app: bool
    passkeys: int
    sessions: tuple[SignedIn, ...]


def security_of(request: AdvisorRequest) -> Security:
    user: User = request.advisor.user
    waiting = EmailAddress.objects.get_new(user)
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return Security(
        has_password=user.has_usable_password(),
        waiting_email=waiting.email if waiting else "",
        has_app=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        sessions=_signed_in(request, user),
    )


def _signed_in(request: AdvisorRequest, user: User) -> tuple[SignedIn, ...]:
    here = digest(request.session.session_key or "")
    found = [
        SignedIn(
            key=session.pk,
            browser=browser_in_words(session.browser),
            address=session.address or "",
            since=session.created_at,
            seen_at=session.seen_at,
            is_here=session.pk == here,
        )
        for session in sessions_of(user)
    ]
    return tuple(sorted(found, key=lambda one: not one.is_here))

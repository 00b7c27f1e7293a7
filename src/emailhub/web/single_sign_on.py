"""Sign-in by an OpenID Connect provider: it says who somebody is, and lets in nobody who is not here already.

The first time an account is found by its e-mail, if the provider says that it has verified it; from then on
by the provider's own id of the person. A changed issuer is another provider: its ids prove nothing.
"""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from emailhub.accounts.entrance import companies_of
from emailhub.accounts.models import User


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """Knows people by issuer and subject, and takes both from the token that was made for us."""

    def extract_uid(self, data: dict[str, Any]) -> str:
        token, more = data.get("id_token") or {}, data.get("userinfo") or {}
        if not token.get("sub") or more.get("sub", token["sub"]) != token["sub"]:  # OpenID Connect Core 5.3.2
            raise OAuth2Error("the provider does not say, or not clearly, who this is")
        return hashlib.sha256(f"{token['iss']} {token['sub']}".encode()).hexdigest()


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whom a provider's word lets in."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Provider:
        return Provider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in an active advisor; tell everybody else the same."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(_refuse(request))
        if sociallogin.is_existing:
            if not _works_here(sociallogin.user):
                raise ImmediateHttpResponse(_refuse(request))
            return
        user = _advisor_with(_verified_email(sociallogin))
        if user is None:
            raise ImmediateHttpResponse(_refuse(request))
        sociallogin.connect(request, user)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Never by allauth's rule, which trusts every address of a provider that it was told to trust."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False


def providers() -> list[dict[str, Any]]:
    """Id and name of those that the operator has configured, for the buttons at the door."""
    everything: Any = settings.SOCIALACCOUNT_PROVIDERS
    return [{"id": one["provider_id"], "name": one["name"]} for one in everything["openid_connect"]["APPS"]]


@login_not_required
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the provider: by a page of ours, since our policy lets no form of ours end elsewhere."""
    response: HttpResponseBase = views.login(request, provider_id)
    elsewhere = response.headers.get("Location", "") if request.method == "POST" else ""
    if not elsewhere.startswith("https://" if settings.SECURE else "http"):
        return response
    page = render(request, "socialaccount/leaving.html", {"url": elsewhere})
    page["Refresh"] = f"0; url={elsewhere}"
    return page


def _verified_email(sociallogin: SocialLogin) -> str:
    """The address that the provider has verified, or none."""
    said = _claims(sociallogin)
    claim = sociallogin.provider.app.settings["verified_claim"]
    email = said.get("email")
    return email if isinstance(email, str) and said.get(claim) in (True, 1, "1", "true") else ""


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    said = sociallogin.account.extra_data
    claims: dict[str, Any] = said.get("userinfo") or said.get("id_token") or {}
    return claims


def _advisor_with(email: str) -> User | None:
    user = User.objects.filter(email__iexact=email).first() if email else None
    return user if _works_here(user) else None


def _works_here(user: User | None) -> bool:
    return user is not None and user.is_active and bool(companies_of(user.pk))


def _refuse(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/refused.html", status=403)

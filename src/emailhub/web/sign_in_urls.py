"""The addresses of the door: signing in, and how one signs in."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.providers.openid_connect import views as openid
from django.db import transaction
from django.urls import URLPattern, path, re_path

from .single_sign_on import begin
from .views.email_addresses import email_address
from .views.second_factors import second_factor

_password: list[URLPattern] = [
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        transaction.atomic(account.password_reset_from_key),  # it holds the user's row: a link works once
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
_email: list[URLPattern] = [
    path("account/email/", email_address, name="account_email"),
    re_path(
        r"^account/email/confirmation/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"
    ),
]
_second_factor: list[URLPattern] = [
    path("account/second-factor/", second_factor, name="mfa_index"),
    path("account/second-factor/code/", mfa.authenticate, name="mfa_authenticate"),
    path("account/second-factor/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-factor/app/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "account/second-factor/codes/download/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("account/second-factor/passkeys/", second_factor, name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/new/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "account/second-factor/passkeys/<int:pk>/removal/",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path("account/login/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "account/reauthenticate/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
]
_providers: list[URLPattern] = [
    path("account/with/<slug:provider_id>/", begin, name="openid_connect_login"),
    path("account/with/<slug:provider_id>/callback/", openid.callback, name="openid_connect_callback"),
]

account_patterns: list[URLPattern] = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/signup/", account.signup, name="account_signup"),  # closed: it says so
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    *_password,
    *_email,
    *_second_factor,
    *_providers,
]

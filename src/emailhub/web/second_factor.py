"""How allauth's second factor behaves here: whose it is, how it is drawn, how its secrets are kept."""

from __future__ import annotations

import base64
import secrets
from urllib.parse import urlsplit

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from emailhub.accounts.models import User
from emailhub.accounts.sessions import end_other_sessions
from emailhub.store import sealing

_PURPOSE = "second factor"


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are kept under a key that is not in the database; passkeys belong to the configured address."""

    def build_totp_svg(self, url: str) -> str:
        """The code to be photographed, as a piece of a page."""
        image = qrcode.make(url, image_factory=SvgPathImage, border=2)
        drawn: str = image.to_string(encoding="unicode")
        return drawn

    def encrypt(self, text: str) -> str:
        return sealing.seal(text.encode(), purpose=_PURPOSE).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that nobody knows, if it was encrypted under another EMAILHUB_SECRET_KEY."""
        try:
            return sealing.unseal(encrypted_text.encode(), purpose=_PURPOSE).decode()
        except sealing.SealedElsewhereError:
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.URL).hostname or "localhost", "name": "EmailHub"}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey {number}").format(number=number)


def sign_out_elsewhere(request: HttpRequest, user: User, **_: object) -> None:
    """Let a change of the second factors end the sessions that were opened before it, and renew this one."""
    end_other_sessions(request.session, by=user)
    request.session.cycle_key()

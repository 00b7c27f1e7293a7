"""An authenticator app, as far as a test needs one."""

from __future__ import annotations

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from emailhub.accounts.models import User
from tests.cast import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def wrong_code(secret: str = SECRET) -> str:
    near = {code(secret, steps=step) for step in range(-2, 4)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in near)


def give_app(user: User) -> Authenticator:
    """Let a user have set up the app."""
    made: Authenticator = TOTP.activate(user, SECRET).instance
    return made


def confirm(client: Client, then: str = "/profile/") -> None:
    """Enter the password once more, as pages that change the ways in ask for it."""
    client.post(f"/account/reauthenticate/?next={then}", {"password": PASSWORD, "next": then})


def secret_on(page: str) -> str:
    """The secret that the set-up page shows."""
    found = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", page)
    assert found
    return found[1]

"""The demo's passwords: random, one an advisor, kept in the data folder and printed at every start."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from django.conf import settings


def make(people: list[tuple[str, str]]) -> dict[str, str]:
    """Make and keep a password for each (name, e-mail). Returns them by e-mail."""
    made = [(name, email, secrets.token_urlsafe(9)) for name, email in people]
    _file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file, ensure_ascii=False, indent=1)
    return {email: password for _, email, password in made}


def logins() -> list[tuple[str, str, str]]:
    """The (name, e-mail, password) of every demo log-in."""
    try:
        return [(name, email, password) for name, email, password in json.loads(_file().read_text("utf-8"))]
    except FileNotFoundError:
        return []


def _file() -> Path:
    return Path(settings.DATA_ROOT) / "demo-passwords.json"

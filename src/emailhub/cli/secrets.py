"""The last net before a log entry is written: what is configured as secret, and what opens an account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote, urlsplit

from structlog.typing import EventDict, WrappedLogger

from emailhub import configuration
from emailhub.configuration import ConfigurationError, read

_HIDDEN = "[hidden]"
_NAMES = (
    "EMAILHUB_SECRET_KEY",
    "EMAILHUB_RELAY_PASSWORD",
    "EMAILHUB_OIDC_CLIENT_SECRET",
    "EMAILHUB_MICROSOFT_CLIENT_SECRET",
    "EMAILHUB_GRAPH_CLIENT_SECRET",
    "EMAILHUB_METRICS_TOKEN",
    "EMAILHUB_S3_SECRET_KEY",
)
_SHORTEST = 4  # characters; hiding a shorter one would hide ordinary words
# The key in the address by which a password is chosen anew, an e-mail confirmed or an invitation taken.
_KEY_IN_PATH = re.compile(r"(/(?:reset/key|email/confirmation|invitations?)/)[^/\s\"']{8,}")


def hide_secrets(logger: WrappedLogger, method: str, entry: EventDict) -> EventDict:
    """A structlog processor: hide them in every text of the entry."""
    return {name: _without(value) for name, value in entry.items()}


def _without(value: object) -> object:
    if isinstance(value, str):
        for secret in known_secrets():
            value = value.replace(secret, _HIDDEN)
        return _KEY_IN_PATH.sub(rf"\1{_HIDDEN}", value)
    if isinstance(value, dict):
        return {name: _without(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without(inner) for inner in value]
    return value


@cache
def known_secrets() -> tuple[str, ...]:
    """The secrets of this process's settings, the longest first."""
    found = {secret for secret in _configured() if len(secret) >= _SHORTEST}
    return tuple(sorted(found, key=len, reverse=True))


def _configured() -> Iterator[str]:
    for name in _NAMES:
        yield read(name)
    yield from configuration.old_secret_keys()
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        yield from _passwords(read(name))
    try:
        yield configuration.secret_key()
    except (ConfigurationError, OSError):  # said elsewhere, with what to do
        return


def _passwords(url: str) -> Iterator[str]:
    """The password in an address, as it stands there and as it is sent."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return
    if password:
        yield from (password, unquote(password))

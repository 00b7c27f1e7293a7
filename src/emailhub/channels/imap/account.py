"""Whose mailbox at which server, and how to log in: what a Connection of kind IMAP holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from emailhub.delivery.models import Connection

from .wire import Security

MOST_FOLDERS = 50


@dataclass(frozen=True)
class Account:
    """One mailbox. With `oauth` the secret is a refresh token, and a token is had before each log-in."""

    host: str
    port: int
    security: Security
    user: str
    address: str  # whose mail it is, in normal form
    folder: str = "INBOX"
    follows_moves: bool = True  # mail that other clients move away before it was seen is looked for
    oauth: str = ""  # a provider's name (oauth.PROVIDERS), "" for a password
    secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, connection: Connection) -> Account:
        """The account of a connection. Raises sealing.SealedElsewhereError."""
        settings, secrets = connection.settings, connection.secrets
        return cls.read(settings, secrets.get("secret", ""))

    @classmethod
    def read(cls, settings: dict[str, Any], secret: str) -> Account:
        return cls(
            host=settings["host"],
            port=settings["port"],
            security=Security(settings["security"]),
            user=settings["user"],
            address=settings["address"],
            folder=settings.get("folder", "INBOX"),
            follows_moves=settings.get("follows_moves", True),
            oauth=settings.get("oauth", ""),
            secret=secret,
        )

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it, without the secret."""
        return {
            "host": self.host,
            "port": self.port,
            "security": self.security.value,
            "user": self.user,
            "address": self.address,
            "folder": self.folder,
            "follows_moves": self.follows_moves,
            "oauth": self.oauth,
        }


def is_speakable(text: str) -> bool:
    """Whether a user, password or folder can be said in a command without being read as another one."""
    return bool(text) and not any(ord(character) < 32 or ord(character) == 127 for character in text)

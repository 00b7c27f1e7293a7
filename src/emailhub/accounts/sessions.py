"""Signed-in browsers: one row each. What is in the database opens none of them.

The cookie holds a random key. The row is found by the key's digest, and its content is encrypted with a key
that is made from the cookie's: whoever reads the database, or a back-up of it, has neither.
`SESSION_ENGINE` names this module.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from .models import User  # which names `Session` as one of its models

NOTED_EVERY = timedelta(minutes=5)  # a session's last use is known as exactly as this
_BROWSER_LENGTH = 300


class Session(AbstractBaseSession):
    """A browser in which somebody is signed in, or in which a stranger has begun to sign in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=_BROWSER_LENGTH, blank=True)  # what it calls itself

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's sessions in the database, with the digest in place of the key."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        return Session

    def load(self) -> dict[str, Any]:
        now = timezone.now()
        self.row = Session.objects.filter(
            session_key=digest(self.session_key or ""), expire_date__gt=now
        ).first()
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.session_data)

    def exists(self, session_key: str | None = None) -> bool:
        return Session.objects.filter(session_key=digest(session_key or "")).exists()

    def delete(self, session_key: str | None = None) -> None:
        Session.objects.filter(session_key=digest(session_key or self.session_key or "")).delete()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row as it is to be saved: the present one, if the key is still the same."""
        if self.session_key is None:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        key = digest(self.session_key or "")
        if self.row is None or self.row.session_key != key:
            self.row = Session(session_key=key)
        self.row.session_data = self.encode(data)
        self.row.expire_date = self.get_expiry_date()
        self.row.user_id = data.get(SESSION_KEY)
        return self.row

    def encode(self, session_dict: dict[str, Any]) -> str:
        return self._cipher().encrypt(json.dumps(session_dict).encode()).decode("ascii")

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(self._cipher().decrypt(session_data))
        except (InvalidToken, ValueError):
            return {}
        return content

    def _cipher(self) -> Fernet:
        material = f"emailhub session {settings.SECRET_KEY} {self.session_key}".encode()
        return Fernet(base64.urlsafe_b64encode(hashlib.sha256(material).digest()))


def digest(session_key: str) -> str:
    """What the database knows of a key. A key has 165 random bits: nothing slower is needed."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


def sessions_of(user: User) -> QuerySet[Session]:
    """Where a user is signed in, the last used first."""
    return Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at")


def end_session(session_digest: str, *, by: User) -> bool:
    """Sign the user out where this session is; their open pages there hear nothing more."""
    return bool(Session.objects.filter(user=by, session_key=session_digest).delete()[0])


def end_other_sessions(store: SessionBase, *, by: User) -> int:
    """Sign the user out everywhere but here."""
    here = digest(store.session_key or "")
    return Session.objects.filter(user=by).exclude(session_key=here).delete()[0]


def end_all_sessions(*, by: User) -> int:
    """Sign the user out everywhere."""
    return Session.objects.filter(user=by).delete()[0]


def note_use(store: SessionBase, *, address: str, browser: str, now: datetime) -> None:
    """Keep when, from where and with what a session was used last, now and then."""
    row = getattr(store, "row", None)
    if row is None or (row.address == (address or None) and now - row.seen_at < NOTED_EVERY):
        return
    row.seen_at, row.address, row.browser = now, address or None, browser[:_BROWSER_LENGTH]
    Session.objects.filter(pk=row.pk).update(seen_at=now, address=row.address, browser=row.browser)


def forget_expired(*, now: datetime) -> int:
    """Remove the rows of sessions that nobody can use any more."""
    return Session.objects.filter(expire_date__lte=now).delete()[0]

"""An open mailbox: its folders and mails. It is only read; whatever fails is a MailboxError."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from imapclient import exceptions

from emailhub.delivery.connection_work import Trouble
from emailhub.mail.storable import one_line

from .account import Account, is_speakable
from .wire import COMMAND_BYTES, COMMAND_SECONDS, GuardedClient

_DETAIL_LIMIT = 300
_MANY = 16 * 1024 * 1024  # bytes: a million UIDs are 8 MB
_GOOD_BYE_SECONDS = 3.0
_MARGIN = 1024 * 1024  # of bytes, for what stands around a mail
_BYTES_PER_SECOND = 50_000
_NOT_FOR_US = frozenset(
    [b"\\sent", b"\\drafts", b"\\junk", b"\\trash", b"\\all", b"\\noselect", b"\\nonexistent"]
)
_ODD = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    RecursionError,
)  # what parsing raises


class MailboxError(Exception):
    """Nothing can be read now. `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.problem)
        self.trouble = trouble


@dataclass(frozen=True)
class Opened:
    """A folder as it was when it was selected."""

    uidvalidity: int
    uidnext: int


@dataclass(frozen=True)
class Glance:
    """What is known of a mail before it is fetched."""

    size: int
    arrived: datetime | None  # INTERNALDATE


class Mailbox:
    """A connection that is logged in."""

    def __init__(self, client: GuardedClient) -> None:
        self._client = client
        self._is_waiting = False

    def close(self) -> None:
        """Say good-bye, if the server listens."""
        with suppress(imaplib.IMAP4.error, OSError, *_ODD):
            if not self._is_waiting:
                self._client.wire.allow(seconds=_GOOD_BYE_SECONDS)
                self._client.logout()
                return
        with suppress(OSError):
            self._client.shutdown()

    def folders(self) -> list[str]:
        """The folders in which mail to the team may be, as people name them."""
        with self._speaking():
            listed = self._client.list_folders()
            return [
                str(name) for flags, _, name in listed if not {flag.lower() for flag in flags} & _NOT_FOR_US
            ]

    def status(self, folder: str) -> Opened | None:
        """How a folder is, without opening it; None if there is none of that name."""
        with self._speaking():
            try:
                found = self._client.folder_status(_said(folder), ["UIDVALIDITY", "UIDNEXT"])
            except exceptions.IMAPClientAbortError:
                raise
            except exceptions.IMAPClientError:
                return None
            return Opened(int(found[b"UIDVALIDITY"]), int(found[b"UIDNEXT"]))

    def open(self, folder: str) -> Opened | None:
        """Select a folder, read-only: nothing is marked as seen. None if there is none of that name."""
        known = self.status(folder)
        if known is None:
            return None
        with self._speaking():
            found = self._client.select_folder(_said(folder), readonly=True)
            return Opened(int(found.get(b"UIDVALIDITY", known.uidvalidity)), known.uidnext)

    def uids_after(self, uid: int) -> list[int]:
        """The numbers of the newer mails, ascending. `n:*` has the last mail even if it is older."""
        with self._speaking(_MANY):
            found = self._client.search(["UID", f"{uid + 1}:*"])
            return sorted({int(number) for number in found if int(number) > uid})

    def uids_since(self, day: date) -> list[int]:
        """The numbers of those that arrived on the server's day or later, ascending."""
        with self._speaking(_MANY):
            return sorted({int(number) for number in self._client.search(["SINCE", day])})

    def glance(self, uids: Sequence[int]) -> dict[int, Glance]:
        """Size and arrival of those that are still there."""
        with self._speaking(_MANY):
            found = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"]) if uids else {}
            return {int(uid): _glance(values) for uid, values in found.items() if b"RFC822.SIZE" in values}

    def content(self, uid: int, size: int, *, header_only: bool = False) -> bytes | None:
        """A mail's bytes, or its header's; None if it is gone. It stays unread for other clients."""
        part = "BODY.PEEK[HEADER]" if header_only else "BODY.PEEK[]"
        with self._speaking(size + _MARGIN, COMMAND_SECONDS + size / _BYTES_PER_SECOND):
            values: dict[bytes, Any] = self._client.fetch([uid], [part]).get(uid, {})
            name = part.replace(".PEEK", "").encode()
            return bytes(values[name]) if values.get(name) is not None else None

    @property
    def can_idle(self) -> bool:
        with self._speaking():
            return bool(self._client.has_capability("IDLE"))

    def wait_for_news(self) -> None:
        """Ask to be told of changes to the open folder (RFC 2177), until stop_waiting()."""
        with self._speaking():
            self._client.idle()
            self._is_waiting = True

    @property
    def has_more(self) -> bool:
        """Whether the server has said something that nobody has read."""
        return self._client.wire.has_more

    def stop_waiting(self) -> None:
        with self._speaking():
            self._client.idle_done()
            self._is_waiting = False

    def fileno(self) -> int:
        """For a selector to wait on."""
        return int(self._client.socket().fileno())

    @contextmanager
    def _speaking(self, size: int = COMMAND_BYTES, seconds: float = COMMAND_SECONDS) -> Iterator[None]:
        self._client.wire.allow(size, seconds)
        with speaking():
            yield


@contextmanager
def speaking() -> Iterator[None]:
    """Turn whatever goes wrong with a server into a MailboxError. What it said is not repeated."""
    try:
        yield
    except MailboxError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise MailboxError(Trouble("certificate", error.verify_message)) from error
    except (OSError, imaplib.IMAP4.abort) as error:
        raise MailboxError(Trouble("unreachable")) from error
    except (imaplib.IMAP4.error, *_ODD) as error:
        raise MailboxError(Trouble("odd_server")) from error


def open_mailbox(account: Account, secret: str) -> Mailbox:
    """Connect and log in; `secret` is the password, or with OAuth the access token. Raises MailboxError."""
    if not all(map(is_speakable, (account.user, secret, account.folder))):
        raise MailboxError(Trouble("login", needs_somebody=True))
    with speaking():
        client = GuardedClient(account.host, account.port, account.security)
    try:
        with speaking():
            _log_in(client, account, secret)
    except BaseException:
        with suppress(OSError):
            client.shutdown()
        raise
    return Mailbox(client)


def _log_in(client: GuardedClient, account: Account, secret: str) -> None:
    try:
        if account.oauth:
            client.sasl_login("XOAUTH2", _Once(f"user={account.user}\1auth=Bearer {secret}\1\1"))
        elif client.has_capability("AUTH=PLAIN"):
            client.plain_login(account.user, secret)
        else:
            client.login(_quoted(account.user), secret)
    except exceptions.IMAPClientAbortError:
        raise
    except exceptions.IMAPClientError as error:
        said = one_line(str(error).replace(secret, "[hidden]"), _DETAIL_LIMIT)
        raise MailboxError(Trouble("login", said, needs_somebody=True)) from error


class _Once:
    """Answers the first challenge. A second one says that the token was refused, and wants an empty one."""

    def __init__(self, answer: str) -> None:
        self._answer = answer

    def __call__(self, challenge: bytes) -> bytes:
        answer, self._answer = self._answer, ""
        return answer.encode()


def _quoted(user: str) -> str:
    """imaplib quotes the password alone."""
    escaped = user.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _said(folder: str) -> str:
    if not is_speakable(folder):
        raise MailboxError(Trouble("folder", needs_somebody=True))
    return folder


def _glance(values: dict[bytes, Any]) -> Glance:
    arrived = values.get(b"INTERNALDATE")
    if isinstance(arrived, datetime):
        arrived = arrived.astimezone(UTC) if arrived.tzinfo else arrived.replace(tzinfo=UTC)
    return Glance(max(int(values[b"RFC822.SIZE"]), 0), arrived if isinstance(arrived, datetime) else None)


def in_batches(uids: Iterable[int], size: int) -> Iterator[list[int]]:
    """The numbers in lists of at most `size`."""
    everything = list(uids)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]

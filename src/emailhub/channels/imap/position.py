"""How far a mailbox has been read. Stored with the mails that it covers, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from emailhub.delivery.models import Connection

from .account import Account

_MOST_LEFT_OUT = 100  # numbers that are named on the page


@dataclass(frozen=True)
class History:
    """The mails since a day that were there when the mailbox was connected. `seen` ends at `expected`."""

    since: str  # YYYY-MM-DD
    uidvalidity: int
    last_uid: int  # of those that were there
    expected: int  # by the server's count
    taken: int = 0
    gone: int = 0  # deleted or moved by somebody while this went on
    unreadable: int = 0
    uid: int = 0  # up to which it is done

    @property
    def seen(self) -> int:
        return self.taken + self.gone + self.unreadable

    @property
    def is_done(self) -> bool:
        return self.uid >= self.last_uid

    @property
    def agrees(self) -> bool:
        """Whether every mail that the server counted is accounted for."""
        return self.is_done and self.seen == self.expected


@dataclass(frozen=True)
class Position:
    """A folder, and the last of its mails that was taken in.

    UIDs count within one UIDVALIDITY (RFC 9051 2.3.1.1).
    """

    folder: str
    uidvalidity: int = 0  # 0: never looked at
    uid: int = 0
    newest: datetime | None = None  # the latest INTERNALDATE that was taken in
    failed: int = 0  # times that the next mail could not be fetched
    left_out: tuple[int, ...] = ()  # UIDs that the server would not give
    history: History | None = None

    def is_at(self, uidvalidity: int, uidnext: int) -> bool:
        """Whether the folder ends here."""
        return self.uidvalidity == uidvalidity and self.uid + 1 >= uidnext

    def after(self, uid: int, arrived: datetime | None = None) -> Position:
        """The position when this mail is taken in."""
        newest = max(filter(None, (self.newest, arrived)), default=None)
        return replace(self, uid=max(uid, self.uid), newest=newest, failed=0)

    def without(self, uid: int) -> Position:
        """The position when this mail is given up."""
        return replace(self.after(uid), left_out=(*self.left_out, uid)[-_MOST_LEFT_OUT:])

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "folder": self.folder,
            "uidvalidity": self.uidvalidity,
            "uid": self.uid,
            "newest": self.newest.isoformat() if self.newest else "",
            "failed": self.failed,
            "left_out": list(self.left_out),
            "history": vars(self.history) if self.history else None,
        }

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Position:
        """What stored() made."""
        newest, history = stored.get("newest"), stored.get("history")
        return cls(
            folder=stored.get("folder", "INBOX"),
            uidvalidity=stored.get("uidvalidity", 0),
            uid=stored.get("uid", 0),
            newest=datetime.fromisoformat(newest).astimezone(UTC) if newest else None,
            failed=stored.get("failed", 0),
            left_out=tuple(stored.get("left_out", ())),
            history=History(**history) if history else None,
        )


def load(connection: Connection, account: Account) -> list[Position]:
    """The positions that are stored for this account, that of the chosen folder first."""
    cursor = connection.cursor if connection.cursor.get("of") == _name(account) else {}
    positions = [Position.read(each) for each in cursor.get("folders", [])]
    chosen = next((each for each in positions if each.folder == account.folder), Position(account.folder))
    return [chosen, *(each for each in positions if each.folder != account.folder)]


def store(connection: Connection, account: Account, position: Position) -> None:
    """Store one of the positions, in the caller's transaction."""
    known = {each.folder: each for each in load(connection, account)} | {position.folder: position}
    folders = [each.stored() for each in known.values() if each.uidvalidity]
    connection.cursor = {**connection.cursor, "of": _name(account), "folders": folders}
    connection.save(update_fields=["cursor"])


def _name(account: Account) -> str:
    """Another mailbox has other numbers."""
    return f"{account.user}@{account.host}:{account.port}"

"""The mails since a day that lay in the mailbox when it was connected: taken in as history, and counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection
from emailhub.intake.past import Mailroom, take_in_past
from emailhub.intake.reading import UnreadableError

from .account import Account
from .mailbox import Mailbox
from .position import History, Position, store

AT_ONCE = 100  # mails, then new ones have their turn


@dataclass(frozen=True)
class Historian:
    """Takes in the history of one mailbox, a stretch at a time. Every step can be done twice."""

    connection: Connection
    account: Account
    mailbox: Mailbox
    now: datetime

    def go_on(self, position: Position) -> bool:
        """Take in the next mails, and tell whether there are more."""
        since = self.connection.settings.get("since", "")
        if not since:
            return False
        position = self._begun(position, since)
        history = position.history
        assert history is not None
        if history.is_done:
            return False
        self.mailbox.open(position.folder)
        left = [uid for uid in self._uids(history) if uid > history.uid]
        for uid in left[:AT_ONCE]:
            history = self._take(history, uid)
            self._store(replace(position, history=history))
        if len(left) <= AT_ONCE:
            self._store(replace(position, history=self._finished(history)))
        return len(left) > AT_ONCE

    def _begun(self, position: Position, since: str) -> Position:
        """The position with a history; a new one where there was none, or it has other numbers now."""
        history = position.history
        if history and history.since == since and history.uidvalidity == position.uidvalidity:
            return position
        self.mailbox.open(position.folder)
        begun = History(since=since, uidvalidity=position.uidvalidity, last_uid=position.uid, expected=0)
        return replace(position, history=replace(begun, expected=len(self._uids(begun))))

    def _uids(self, history: History) -> list[int]:
        """What the server counts since the day and was there when the mailbox was connected."""
        found = self.mailbox.uids_since(date.fromisoformat(history.since))
        return [uid for uid in found if uid <= history.last_uid]

    def _take(self, history: History, uid: int) -> History:
        history = replace(history, uid=uid)
        glance = self.mailbox.glance([uid]).get(uid)
        content = self.mailbox.content(uid, glance.size) if glance else None
        if content is None:
            return replace(history, gone=history.gone + 1)
        try:
            take_in_past(content, self._room(), now=self.now)
        except UnreadableError:
            return replace(history, unreadable=history.unreadable + 1)
        return replace(history, taken=history.taken + 1)

    def _finished(self, history: History) -> History:
        """What was counted at first and is not there any more was deleted or moved meanwhile."""
        return replace(
            history, uid=history.last_uid, gone=history.gone + max(0, history.expected - history.seen)
        )

    def _room(self) -> Mailroom:
        team = self.connection.team
        assert team is not None
        stays_open = bool(self.connection.settings.get("history_stays_open"))
        return Mailroom(team, self.account.address, frozenset([self.account.address]), stays_open=stays_open)

    def _store(self, position: Position) -> None:
        with company(self.connection.company_id):
            store(self.connection, self.account, position)

"""Read what is new in a mailbox, mail by mail: each is accepted in the transaction that says it was read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from emailhub.accounts.tenancy import company
from emailhub.delivery.connection_work import Trouble
from emailhub.delivery.models import Connection
from emailhub.hub.addresses import Route
from emailhub.intake.accept import accept
from emailhub.intake.fetched import HEADER_LIMIT, return_path_of, stand_in, was_fetched

from .account import MOST_FOLDERS, Account
from .mailbox import Glance, Mailbox, MailboxError, Opened, in_batches
from .position import Position, load, store

BATCH = 200  # mails looked at in one command
_TRIES = 3  # of a mail that the server does not give
_CLOCKS_DIFFER = timedelta(minutes=5)
_OLD = timedelta(days=2)  # before the connection: what lies in the chosen folder now was brought there
_LATELY = timedelta(days=2)  # how far back to look when the numbers have changed


@dataclass(frozen=True)
class Reader:
    """One connection's mailbox, open."""

    connection: Connection
    account: Account
    mailbox: Mailbox
    now: datetime

    def read_new(self) -> Position:
        """Take in what is new: in the chosen folder, and where other clients moved mail to."""
        known = load(self.connection, self.account)
        first = self._read_chosen(self._present(known[0]))
        if self.account.follows_moves:
            self._follow_moves(first, {position.folder: position for position in known[1:]})
        return first

    def _present(self, position: Position) -> Position:
        """The position under its folder's present name. Raises MailboxError."""
        if self.mailbox.status(position.folder) is not None:
            return position
        renamed = self._renamed(position)
        if renamed is None:
            raise MailboxError(Trouble("folder", position.folder, needs_somebody=True))
        with company(self.connection.company_id):
            self.connection.settings = {**self.connection.settings, "folder": renamed}
            self.connection.save(update_fields=["settings"])
        return replace(position, folder=renamed)

    def _renamed(self, position: Position) -> str | None:
        """The one folder with the lost one's UIDVALIDITY, which a new name leaves as it is."""
        if not position.uidvalidity:
            return None
        statuses = {name: self.mailbox.status(name) for name in self.mailbox.folders()[:MOST_FOLDERS]}
        alike = [
            name for name, found in statuses.items() if found and found.uidvalidity == position.uidvalidity
        ]
        return alike[0] if len(alike) == 1 else None

    def _follow_moves(self, first: Position, known: dict[str, Position]) -> None:
        """Look into the folders that have grown, for what arrived since the mailbox was connected."""
        for folder in self.mailbox.folders()[:MOST_FOLDERS]:
            status = self.mailbox.status(folder) if folder != first.folder else None
            position = known.get(folder, Position(folder))
            if status is not None and not position.is_at(status.uidvalidity, status.uidnext):
                self._read(position, _CLOCKS_DIFFER)

    # One folder

    def _read_chosen(self, position: Position) -> Position:
        if position.uidvalidity:
            return self._read(position, _OLD)
        opened = self._opened(position)
        return self._reached(replace(position, uidvalidity=opened.uidvalidity), opened)  # from now on

    def _read(self, position: Position, older: timedelta) -> Position:
        """Take in what the folder has beyond the position, except what arrived before the connection."""
        opened = self._opened(position)
        if position.uidvalidity == opened.uidvalidity:
            uids = self.mailbox.uids_after(position.uid)
        else:  # the numbers mean other mails than before
            uids, older = self._arrived_lately(position), _CLOCKS_DIFFER
            position = replace(position, uidvalidity=opened.uidvalidity, uid=0, failed=0)
        for batch in in_batches(uids, BATCH):
            glances = self.mailbox.glance(batch)
            for uid in batch:
                position = self._take(position, uid, glances.get(uid), older)
        return self._reached(position, opened)

    def _opened(self, position: Position) -> Opened:
        opened = self.mailbox.open(position.folder)
        if opened is None:  # renamed or deleted a moment ago
            raise MailboxError(Trouble("odd_server"))
        return opened

    def _arrived_lately(self, position: Position) -> list[int]:
        since = max(position.newest or self._connected_at, self._connected_at)
        return self.mailbox.uids_since((since - _LATELY).date())

    def _take(self, position: Position, uid: int, glance: Glance | None, older: timedelta) -> Position:
        """Accept one mail, unless it is gone, or from before the connection."""
        if glance is None or (glance.arrived and glance.arrived < self._connected_at - older):
            return position.after(uid)
        try:
            content = self._content(uid, glance)
        except MailboxError as error:
            self._note_failure(position, uid, error.trouble)
            raise
        position = position.after(uid, glance.arrived)
        if content is not None:
            self._accept(content, position)
        return position

    def _content(self, uid: int, glance: Glance) -> bytes | None:
        if glance.size <= settings.MAX_MESSAGE_SIZE:
            return self.mailbox.content(uid, glance.size)
        header = self.mailbox.content(uid, HEADER_LIMIT, header_only=True)
        return None if header is None else stand_in(header, glance.size, self.connection.company)

    def _note_failure(self, position: Position, uid: int, trouble: Trouble) -> None:
        """A mail that cannot be had three times is gone past, and named on the page."""
        failed = replace(position, failed=position.failed + 1)
        self._store(failed if failed.failed < _TRIES else failed.without(uid))

    @property
    def _connected_at(self) -> datetime:
        return datetime.fromisoformat(self.connection.settings["connected_at"])

    # What is stored

    def _accept(self, content: bytes, position: Position) -> None:
        """The mail and the position after it, in one commit."""
        team_id, company_id = self.connection.team_id, self.connection.company_id
        assert team_id is not None
        with company(company_id):
            if not was_fetched(team_id, content, channel="imap", since=self._connected_at):
                route = Route(company_id, team_id, self.account.address)
                accept(channel="imap", content=content, mail_from=return_path_of(content), routes=[route])
                Connection.objects.filter(pk=self.connection.pk).update(last_in_at=self.now)
            store(self.connection, self.account, position)

    def _reached(self, position: Position, opened: Opened) -> Position:
        """The position at the end of the folder."""
        reached = replace(position, uid=max(position.uid, opened.uidnext - 1))
        self._store(reached)
        return reached

    def _store(self, position: Position) -> None:
        with company(self.connection.company_id):
            store(self.connection, self.account, position)

"""Open mailboxes whose servers tell when something comes (IDLE, RFC 2177); one thread waits for all."""

from __future__ import annotations

import select
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from django.db import InterfaceError, OperationalError
from django.db import connection as database
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.connection_work import look_soon

from .account import Account
from .mailbox import Mailbox, MailboxError

MOST = 200  # that are kept open; the others are looked at by the clock
_ANSWER_WITHIN = 1000  # milliseconds, to a mailbox that was hung up or to the end
log = structlog.get_logger()


@dataclass
class _Kept:
    company_id: int
    account: Account
    mailbox: Mailbox
    has_rung: bool = False


class Doorbell:
    """Keeps mailboxes between two visits. A visit takes its own out, so that one thread has it at a time."""

    channel = "imap_doorbell"  # the name of its thread

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[int, _Kept] = {}

    def keep(self, connection_id: int, company_id: int, account: Account, mailbox: Mailbox) -> None:
        """Wait for news of a mailbox that has been told to say them, until take()."""
        with self._lock:
            is_full = len(self._kept) >= MOST
            if not is_full:
                self._kept[connection_id] = _Kept(company_id, account, mailbox)
        if is_full:
            mailbox.close()

    def take(self, connection_id: int, account: Account) -> Mailbox | None:
        """The mailbox, ready for commands; None where there is none any more, or the account has changed."""
        with self._lock:
            kept = self._kept.pop(connection_id, None)
        if kept is None:
            return None
        try:
            kept.mailbox.stop_waiting()
        except MailboxError:
            kept.mailbox.close()
            return None
        if kept.account != account:
            kept.mailbox.close()
            return None
        return kept.mailbox

    def forget(self, connection_id: int) -> None:
        """Close a mailbox that is not read any more."""
        with self._lock:
            kept = self._kept.pop(connection_id, None)
        if kept is not None:
            kept.mailbox.close()

    def run(self, stop: threading.Event) -> None:
        """Have each mailbox looked at that says something, until `stop` is set."""
        while not stop.is_set():
            if not self.ring():
                stop.wait(_ANSWER_WITHIN / 1000)
        self.drain()

    def drain(self) -> None:
        """Close all mailboxes."""
        with self._lock:
            kept, self._kept = list(self._kept.values()), {}
        for each in kept:
            each.mailbox.close()

    def ring(self) -> int:
        """Wait a moment for news, and return how many mailboxes had some."""
        rung = list(self._news())
        try:
            for connection_id, kept in rung:
                with company(kept.company_id):
                    look_soon(connection_id, now=timezone.now())
        except (InterfaceError, OperationalError):
            log.warning("a mailbox has news, and the database is away: it is looked at by the clock")
            database.close()
        return len(rung)

    def _news(self) -> Iterator[tuple[int, _Kept]]:
        with self._lock:
            quiet = {
                each.mailbox.fileno(): (id, each) for id, each in self._kept.items() if not each.has_rung
            }
        poll = select.poll()
        for file in quiet:
            poll.register(file, select.POLLIN)
        ready = {file for file, _ in poll.poll(_ANSWER_WITHIN)} if quiet else set()
        for file, (id, kept) in quiet.items():
            if file in ready or kept.mailbox.has_more:
                kept.has_rung = True
                yield id, kept

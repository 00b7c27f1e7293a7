"""Look at a mailbox: take in what came, bring in what colleagues sent, and see what became of our own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company
from emailhub.delivery.connection_work import Trouble, claimed, note_trouble, note_working
from emailhub.delivery.models import Connection, OutgoingMessage, RemoteMessage
from emailhub.hub.addresses import Route
from emailhub.intake.accept import accept
from emailhub.intake.fetched import return_path_of, stand_in

from . import position, sent_items, subscriptions
from .account import Account, After
from .calls import graph
from .mailbox import INBOX, SENT, Item, Mailbox
from .trouble import GraphError, SignInError
from .turns import MailboxBusyError, turn

CHANNEL = "graph"
_EVERY = timedelta(minutes=1)
_EVERY_WHEN_TOLD = timedelta(minutes=4)  # notices are only wake-ups, and some are lost
_SOON = timedelta(seconds=5)
_PAGES = 20  # in one visit; others wait as well
_OVERLAP = timedelta(days=1)  # looked at again where the place was forgotten
_AT_ONCE = 100  # messages marked in one visit
_FAILURES = 2  # of single messages in one visit; more is the server's
log = structlog.get_logger()


def visit_due() -> int:
    """Look at one mailbox that is due, and return how many were."""
    with claimed(Connection.Kind.GRAPH) as row:
        if row is None:
            return 0
        visit(*row, now=timezone.now())
        return 1


def visit(connection_id: int, company_id: int, *, now: datetime) -> None:
    """Look at a mailbox, and note how it went and when to look again. Only a lost database raises."""
    with company(company_id):
        connection = Connection.objects.get(pk=connection_id)
    if connection.state in (Connection.State.NEW, Connection.State.OFF):
        with company(company_id):
            Connection.objects.filter(pk=connection_id).update(due_at=None)
        return
    try:
        _look(connection, now)
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:  # no mailbox may keep the worker from the others
        log.exception("reading a mailbox failed", connection=connection_id)
        with company(company_id):
            note_trouble(connection_id, Trouble("ours", type(error).__name__), now=now)


def _look(connection: Connection, now: datetime) -> None:
    account = Account.of(connection)
    try:
        with turn(connection.pk), graph(account.token) as calls:
            is_done = Visit(account, Mailbox(calls, account.mailbox), now).run()
            told = subscriptions.keep_up(account, calls, now=now)
    except MailboxBusyError:
        _look_again(account, now + _SOON)
    except SignInError as error:
        _note(account, error.trouble, now)
    except GraphError as error:
        _note(account, error.trouble, now, at_least=error.retry_after)
    else:
        _note_done(account, now, (_EVERY_WHEN_TOLD if told else _EVERY) if is_done else _SOON)


class Visit:
    """One visit. Each message is a commit of its own, so that a kill at any point loses and doubles none."""

    def __init__(self, account: Account, mailbox: Mailbox, now: datetime) -> None:
        self._account = account
        self._mailbox = mailbox
        self._now = now
        self._failures = 0

    def run(self) -> bool:
        """Return whether all is done that there was to do."""
        self._try_left_ones()
        is_done = self._read(INBOX, self._take_in)
        self._tidy()
        is_done = self._read(SENT, self._bring_in) and is_done
        sent_items.settle_uncertain(self._account, self._mailbox, now=self._now)
        return is_done

    def _read(self, folder: str, take: Callable[[Item], bool]) -> bool:
        """Go through the changes of a folder; False: there is more, or one has to wait."""
        for _ in range(_PAGES):
            link = self._link(folder)
            try:
                page = self._mailbox.changes(link)
            except GraphError as error:
                if not error.is_gone:
                    raise
                position.keep_position(self._account, folder, "", [])
                return False
            if not all(take(item) for item in page.items if not item.is_draft):
                return False
            position.keep_position(self._account, folder, page.next, page.items)
            if page.is_last:
                return True
        return False

    def _link(self, folder: str) -> str:
        at = position.position_of(self._account, folder)
        if at.link:
            return at.link
        since = (at.seen or self._now) - (_OVERLAP if at.seen else timedelta())
        return self._mailbox.first_changes(folder, since=max(since, self._begun()))

    def _begun(self) -> datetime:
        """When the mailbox was connected: what had come before that stays where it is."""
        with company(self._account.company_id):
            cursor = Connection.objects.values_list("cursor", flat=True).get(pk=self._account.connection_id)
        return datetime.fromisoformat(cursor["since"])

    def _take_in(self, item: Item) -> bool:
        if position.is_known(self._account, item):
            return True
        try:
            content = self._content(item)
        except GraphError as error:
            self._note_failure(item.id, error)
            return True
        self._accept(item, content)
        return True

    def _bring_in(self, item: Item) -> bool:
        if position.is_known(self._account, item):
            return True
        try:
            return sent_items.take(self._account, item, lambda: self._content(item), now=self._now)
        except GraphError as error:
            if error.is_away:
                raise
            return True  # it is gone, or no mail

    def _content(self, item: Item) -> bytes:
        most = settings.MAX_MESSAGE_SIZE
        content, is_all = self._mailbox.raw(item.id, most=most)
        if is_all:
            return content
        with company(self._account.company_id):
            return stand_in(content, most, Company.objects.get(pk=self._account.company_id))

    def _accept(self, item: Item, content: bytes) -> None:
        """Into our intake, and remembered as taken: one commit, which is the moment that it is ours."""
        account = self._account
        route = Route(account.company_id, account.team_id, account.mailbox)
        with company(account.company_id):
            if position.remember(account, item, RemoteMessage.State.TAKEN):
                accept(channel=CHANNEL, content=content, mail_from=return_path_of(content), routes=[route])
                Connection.objects.filter(pk=account.connection_id).update(last_in_at=self._now)

    def _note_failure(self, id: str, error: GraphError) -> None:
        """A mail that cannot be fetched holds up none behind it; a server that is away does."""
        if error.is_missing:
            position.no_longer_behind(self._account, id)  # somebody has taken it away: nothing to fetch
            return
        self._failures += 1
        if self._failures > _FAILURES or (error.is_away and error.status < 500):
            raise error
        log.warning("a mail cannot be fetched yet", mailbox=self._account.mailbox, error=str(error))
        position.leave_behind(self._account, id)

    def _try_left_ones(self) -> None:
        for id in position.left_behind(self._account):
            try:
                item = self._mailbox.item(id)
                content = self._content(item)
            except GraphError as error:
                self._note_failure(id, error)
            else:
                self._accept(item, content)
                position.no_longer_behind(self._account, id)

    def _tidy(self) -> None:
        """Mark what was taken in, as the team chose. A mail that has gone is left alone."""
        account = self._account
        with company(account.company_id):
            taken = RemoteMessage.objects.filter(
                connection_id=account.connection_id, state=RemoteMessage.State.TAKEN
            )
            rows = list(taken.order_by("id").values_list("pk", "remote_id")[:_AT_ONCE])
        for pk, remote_id in rows:
            self._mark(remote_id)
            with company(account.company_id):
                RemoteMessage.objects.filter(pk=pk).update(state=RemoteMessage.State.SETTLED)

    def _mark(self, remote_id: str) -> None:
        try:
            if self._account.after is not After.LEAVE:
                self._mailbox.mark_read(remote_id)
            if self._account.after is After.ARCHIVE:
                self._mailbox.archive(remote_id)
        except GraphError as error:
            if error.is_away:
                raise


def _note(account: Account, trouble: Trouble, now: datetime, *, at_least: float = 0) -> None:
    log.warning(
        "a mailbox cannot be read", mailbox=account.mailbox, problem=trouble.problem, detail=trouble.detail
    )
    with company(account.company_id):
        note_trouble(account.connection_id, trouble, now=now)
        earliest = now + timedelta(seconds=at_least)
        Connection.objects.filter(pk=account.connection_id, due_at__lt=earliest).update(due_at=earliest)


def _note_done(account: Account, now: datetime, next_in: timedelta) -> None:
    """It can be read. What keeps mail from being sent stays said for as long as mail waits for that."""
    left = position.left_behind(account)
    with company(account.company_id):
        if left:
            note_trouble(account.connection_id, Trouble("graph_left", str(len(left))), now=now)
            return
        waits = OutgoingMessage.objects.filter(
            connection_id=account.connection_id, state=OutgoingMessage.State.QUEUED, attempts__gt=0
        )
        rows = Connection.objects.filter(pk=account.connection_id)
        if rows.filter(problem="graph_send_as").exists() and waits.exists():
            rows.update(checked_at=now, due_at=now + next_in)
        else:
            note_working(account.connection_id, now=now, next_in=next_in)


def _look_again(account: Account, at: datetime) -> None:
    with company(account.company_id):
        Connection.objects.filter(pk=account.connection_id).update(due_at=at)

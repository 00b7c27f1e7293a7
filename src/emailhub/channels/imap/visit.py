"""One look at a mailbox that is due. The worker's loops call visit_due() until it returns 0."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.connection_work import Trouble, claimed, look_soon, note_trouble, note_working
from emailhub.delivery.models import Connection
from emailhub.store.sealing import SealedElsewhereError

from .account import MOST_FOLDERS, Account
from .doorbell import Doorbell
from .history import Historian
from .mailbox import Mailbox, MailboxError, open_mailbox
from .oauth import forget_access_token, secret_for_log_in
from .reading import Reader

_LOOK_EVERY = timedelta(minutes=1)  # where the server does not tell
_LOOK_ANYWAY = timedelta(minutes=5)  # where it does
log = structlog.get_logger()


def visit_due(doorbell: Doorbell) -> int:
    """Look at one mailbox that is due, and return how many were. Call it outside any transaction."""
    with claimed(Connection.Kind.IMAP) as row:
        if row is None:
            return 0
        _visit(*row, doorbell)
    return 1


def _visit(connection_id: int, company_id: int, doorbell: Doorbell) -> None:
    with company(company_id):
        connection = Connection.objects.select_related("company", "team__company").get(pk=connection_id)
    if connection.state == Connection.State.OFF:
        _let_go(connection, doorbell)
        return
    try:
        next_in = _read(connection, doorbell)
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:  # noqa: BLE001 - no mailbox may keep the worker from the others
        trouble = _trouble(error)
        log.warning("a mailbox cannot be read", connection=connection_id, problem=trouble.problem)
        with company(company_id):
            note_trouble(connection_id, trouble, now=timezone.now())
            _look_again_if_changed(connection)
    else:
        with company(company_id):
            note_working(connection_id, now=timezone.now(), next_in=next_in)
            _look_again_if_changed(connection)


def _look_again_if_changed(connection: Connection) -> None:
    """What was found holds for the settings that were read; somebody may have saved others meanwhile."""
    same = Connection.objects.filter(pk=connection.pk, settings=connection.settings, sealed=connection.sealed)
    if not same.exists():
        look_soon(connection.pk, now=timezone.now())


def _let_go(connection: Connection, doorbell: Doorbell) -> None:
    doorbell.forget(connection.pk)
    with company(connection.company_id):
        Connection.objects.filter(pk=connection.pk, state=Connection.State.OFF).update(due_at=None)


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, MailboxError):
        return error.trouble
    if isinstance(error, SealedElsewhereError):
        return Trouble("sealed", needs_somebody=True)
    log.exception("reading a mailbox failed")
    return Trouble("ours", type(error).__name__)


def _read(connection: Connection, doorbell: Doorbell) -> timedelta:
    """Take in what is new, and say when to look again."""
    account = Account.of(connection)
    kept = doorbell.take(connection.pk, account)
    if kept is not None:
        with suppress(MailboxError):  # it may be half dead, or know a folder by a name that it had
            return _read_in(kept, connection, account, doorbell)
    mailbox = _log_in(connection, account)
    _note_folders(connection, mailbox)
    return _read_in(mailbox, connection, account, doorbell)


def _note_folders(connection: Connection, mailbox: Mailbox) -> None:
    """For the page, where one is chosen."""
    connection.cursor = {**connection.cursor, "names": mailbox.folders()[:MOST_FOLDERS]}
    with company(connection.company_id):
        connection.save(update_fields=["cursor"])


def _read_in(mailbox: Mailbox, connection: Connection, account: Account, doorbell: Doorbell) -> timedelta:
    try:
        now = timezone.now()
        position = Reader(connection, account, mailbox, now).read_new()
        if Historian(connection, account, mailbox, now).go_on(position):
            mailbox.close()
            return timedelta()
        return _wait(mailbox, connection, account, doorbell, position.folder)
    except BaseException:
        mailbox.close()
        raise


def _log_in(connection: Connection, account: Account) -> Mailbox:
    try:
        return open_mailbox(account, secret_for_log_in(connection, account))
    except MailboxError as error:
        if error.trouble.problem == "login":
            forget_access_token(connection)
        raise


def _wait(
    mailbox: Mailbox, connection: Connection, account: Account, doorbell: Doorbell, folder: str
) -> timedelta:
    if not mailbox.can_idle:
        mailbox.close()
        return _LOOK_EVERY
    mailbox.open(folder)
    mailbox.wait_for_news()
    doorbell.keep(connection.pk, connection.company_id, account, mailbox)
    return _LOOK_ANYWAY

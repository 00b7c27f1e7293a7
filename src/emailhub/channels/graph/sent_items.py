"""Sent Items: where our own mails are found again, and what colleagues send from their programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from emailhub.accounts.tenancy import company
from emailhub.delivery.again import send_again
from emailhub.delivery.found import note_found, outgoing_with
from emailhub.delivery.models import Connection, OutgoingMessage, RemoteMessage
from emailhub.desk.settle import settle
from emailhub.intake.sent_outside import file_sent_outside, waits_for_intake

from . import position
from .account import Account
from .mailbox import Item, Mailbox
from .trouble import GraphError

_SURELY_NOT_SENT = timedelta(minutes=10)  # a draft that is one for so long was not taken


def take(account: Account, item: Item, fetch: Callable[[], bytes], *, now: datetime) -> bool:
    """Take one sent mail in. False: what it may answer is not filed yet, so look again a little later."""
    with company(account.company_id):
        if ours := _ours(account, item):
            _found(account, item, ours, now)
            return True
        if waits_for_intake(account.team_id):
            return False
    content = fetch()
    filed = file_sent_outside(
        account.company_id,
        account.team_id,
        account.connection_id,
        content,
        now=now,
        remember=lambda outgoing: position.remember(
            account, item, RemoteMessage.State.SETTLED, outgoing=outgoing
        ),
    )
    if not filed:  # it belongs to no ticket
        with company(account.company_id):
            position.remember(account, item, RemoteMessage.State.SETTLED)
    return True


def _ours(account: Account, item: Item) -> OutgoingMessage | None:
    """The mail of ours of which this is the copy: by its Message-ID, or by the one that Exchange gave it."""
    drafts = RemoteMessage.objects.filter(
        connection_id=account.connection_id, message_id=item.message_id, outgoing__isnull=False
    )
    if item.message_id and (draft := drafts.select_related("outgoing").first()):
        return draft.outgoing
    return outgoing_with(item.message_id)


def _found(account: Account, item: Item, ours: OutgoingMessage, now: datetime) -> None:
    """Its copy is there, so it was sent; and it shows the name that Exchange puts into From."""
    position.remember(account, item, RemoteMessage.State.SETTLED, outgoing=ours)
    note_found(ours, settle, now=now)
    connection = Connection.objects.select_for_update().get(pk=account.connection_id)
    if item.sender_name and connection.settings.get("mailbox_name") != item.sender_name:
        connection.settings = {**connection.settings, "mailbox_name": item.sender_name[:200]}
        connection.save(update_fields=["settings"])


def settle_uncertain(account: Account, mailbox: Mailbox, *, now: datetime) -> None:
    """See what became of mails whose sending had no answer: found, or certainly not sent, or still open."""
    with company(account.company_id):
        uncertain = list(
            OutgoingMessage.objects.filter(
                connection_id=account.connection_id, state=OutgoingMessage.State.UNCERTAIN
            )
        )
    for message in uncertain:
        with company(account.company_id):
            copies = list(RemoteMessage.objects.filter(outgoing=message).order_by("id"))
        if any(copy.state == RemoteMessage.State.SETTLED for copy in copies):
            with company(account.company_id):
                note_found(message, settle, now=now)
        elif copies and now - copies[-1].created_at > _SURELY_NOT_SENT and _is_draft(mailbox, copies[-1]):
            with company(account.company_id):
                send_again(message, now=now)


def _is_draft(mailbox: Mailbox, copy: RemoteMessage) -> bool:
    try:
        return mailbox.item(copy.remote_id).is_draft
    except GraphError as error:
        if error.is_away:
            raise
        return False

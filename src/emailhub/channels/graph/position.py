"""Up to where a mailbox was read, and the row that says of a message that it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection, RemoteMessage

from .account import Account
from .mailbox import Item

State = RemoteMessage.State


@dataclass(frozen=True)
class Position:
    """A folder's: the link to what is next, and when the newest message arrived that was seen."""

    link: str
    seen: datetime | None


def position_of(account: Account, folder: str) -> Position:
    """Where to go on in a folder; without a link from the beginning."""
    with company(account.company_id):
        cursor = Connection.objects.values_list("cursor", flat=True).get(pk=account.connection_id)
    found = cursor.get(folder) or {}
    return Position(found.get("link", ""), parse_datetime(found.get("seen") or cursor.get("since") or ""))


def keep_position(account: Account, folder: str, link: str, items: Sequence[Item]) -> None:
    """All of these are taken in: go on at the link. Without one the folder begins anew."""
    instants = [item.received_at for item in items if item.received_at]
    with company(account.company_id):
        connection = Connection.objects.select_for_update().get(pk=account.connection_id)
        before = (connection.cursor.get(folder) or {}).get("seen")
        seen = max([instant.isoformat() for instant in instants] + ([before] if before else []), default=None)
        connection.cursor = {**connection.cursor, folder: {"link": link, "seen": seen}}
        connection.save(update_fields=["cursor"])


def left_behind(account: Account) -> list[str]:
    """The ids of the messages that could not be fetched; the ones behind them did not wait."""
    with company(account.company_id):
        cursor = Connection.objects.values_list("cursor", flat=True).get(pk=account.connection_id)
    return list(cursor.get("left", []))


def leave_behind(account: Account, id: str) -> None:
    _change_left(account, id, is_left=True)


def no_longer_behind(account: Account, id: str) -> None:
    _change_left(account, id, is_left=False)


def _change_left(account: Account, id: str, *, is_left: bool) -> None:
    with company(account.company_id):
        connection = Connection.objects.select_for_update().get(pk=account.connection_id)
        others = [one for one in connection.cursor.get("left", []) if one != id]
        connection.cursor = {**connection.cursor, "left": [*others, id] if is_left else others}
        connection.save(update_fields=["cursor"])


def is_known(account: Account, item: Item) -> bool:
    """Whether it was taken in: Graph tells some changes twice."""
    with company(account.company_id):
        return RemoteMessage.objects.filter(connection_id=account.connection_id, remote_id=item.id).exists()


def remember(account: Account, item: Item, state: State, **more: Any) -> bool:
    """Write down that it was taken in. Call it in the transaction that does so. False: it was before."""
    _, is_new = RemoteMessage.objects.get_or_create(
        company_id=account.company_id,
        connection_id=account.connection_id,
        remote_id=item.id,
        defaults={
            "message_id": item.message_id[:998],
            "conversation_id": item.conversation_id[:500],
            "state": state,
            **more,
        },
    )
    return is_new

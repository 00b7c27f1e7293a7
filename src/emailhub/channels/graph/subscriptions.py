"""Ask Graph to tell us of new mail, and keep that alive. What it tells is a wake-up and no more.

Only an application may subscribe to a shared mailbox, and only a page that the world reaches can be told.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection

from .account import Account, Mode, keep_secrets
from .calls import Graph
from .trouble import GraphError

LASTS = timedelta(days=2, hours=22)  # Microsoft's documents name 4,230 and 10,080 minutes: less than both
_TRY_AGAIN = timedelta(hours=1)  # after a refusal: without notices the mailbox is looked at more often
log = structlog.get_logger()


def keep_up(account: Account, calls: Graph, *, now: datetime) -> bool:
    """Subscribe, or renew at half of the time. Return whether we are told of new mail now.

    Raises SignInError. What Graph refuses is logged: mail comes in without notices as well, a bit later.
    """
    if account.mode is not Mode.APPLICATION or not settings.URL.startswith("https://"):
        return False
    subscription = _subscription_of(account)
    expires = parse_datetime(subscription.get("expires", ""))
    if subscription.get("id") and expires and expires - now > LASTS / 2:
        return True
    tried = parse_datetime(subscription.get("tried", ""))
    if tried and now - tried < _TRY_AGAIN:
        return bool(expires and expires > now)
    try:
        _renew(account, calls, subscription, now)
    except GraphError as error:
        log.warning("no notices of new mail", mailbox=account.mailbox, error=str(error))
        _keep(account, {**subscription, "tried": now.isoformat()})
        return bool(expires and expires > now)
    return True


def forget(account: Account) -> None:
    """Graph has removed it: the next visit subscribes anew."""
    _keep(account, {})


def let_expire(account: Account) -> None:
    """Graph wants it renewed before its time (which authorises it again as well): the next visit does."""
    _keep(account, {**_subscription_of(account), "expires": "", "tried": ""})


def is_from_graph(connection: Connection, client_state: object) -> bool:
    """Whether a notice carries the secret that only Graph was told."""
    known = str(connection.secrets.get("client_state", ""))
    return (
        bool(known)
        and isinstance(client_state, str)
        and secrets.compare_digest(known.encode(), client_state.encode())
    )


def _renew(account: Account, calls: Graph, subscription: dict[str, Any], now: datetime) -> None:
    until = {"expirationDateTime": _graph_instant(now + LASTS)}
    if subscription.get("id"):
        try:
            found = calls.send("PATCH", f"/subscriptions/{subscription['id']}", until)
        except GraphError as error:
            if not error.is_missing:
                raise
        else:
            _keep(account, {"id": subscription["id"], "expires": str(found["expirationDateTime"])})
            return
    found = calls.send("POST", "/subscriptions", {**_wanted(account), **until})
    _keep(account, {"id": str(found["id"]), "expires": str(found["expirationDateTime"])})


def _wanted(account: Account) -> dict[str, str]:
    client_state = secrets.token_urlsafe(48)
    keep_secrets(account.connection_id, account.company_id, client_state=client_state)
    url = settings.URL + reverse("graph_notices", args=[account.company_id, account.connection_id])
    return {
        "changeType": "created",
        "notificationUrl": url,
        "lifecycleNotificationUrl": url,
        "resource": f"users/{account.mailbox}/mailFolders('inbox')/messages",
        "clientState": client_state,
    }


def _subscription_of(account: Account) -> dict[str, Any]:
    with company(account.company_id):
        found = Connection.objects.values_list("settings", flat=True).get(pk=account.connection_id)
    return dict(found.get("subscription") or {})


def _keep(account: Account, subscription: dict[str, Any]) -> None:
    with company(account.company_id):
        connection = Connection.objects.select_for_update().get(pk=account.connection_id)
        connection.settings = {**connection.settings, "subscription": subscription}
        connection.save(update_fields=["settings"])


def _graph_instant(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")

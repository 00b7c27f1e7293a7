"""What is said at a log-in: the password, or an access token that a provider gives for the refresh token."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.connection_work import Trouble
from emailhub.delivery.models import Connection
from emailhub.egress.tokens import Grant, TokenRefusedError, TokenUnavailableError, access_token

from .account import Account
from .mailbox import MailboxError

ENDPOINTS = {"google": "https://oauth2.googleapis.com/token"}
_MARGIN = timedelta(minutes=2)


def secret_for_log_in(connection: Connection, account: Account) -> str:
    """The password or a token that is good for a while. Raises MailboxError."""
    if not account.oauth:
        return account.secret
    now, secrets = timezone.now(), connection.secrets
    if (until := secrets.get("access_until")) and datetime.fromisoformat(until) - _MARGIN > now:
        return str(secrets["access"])
    return _renewed(connection, account, secrets, now)


def forget_access_token(connection: Connection) -> None:
    """Have another one made for the next log-in: the server refuses this one."""
    secrets = connection.secrets
    if secrets.pop("access_until", None):
        _seal(connection, secrets)


def _renewed(connection: Connection, account: Account, secrets: dict[str, Any], now: datetime) -> str:
    endpoint = connection.settings.get("token_endpoint") or ENDPOINTS[account.oauth]
    grant = Grant(
        endpoint, connection.settings["client_id"], secrets.get("client_secret", ""), account.secret
    )
    try:
        token = access_token(grant)
    except TokenRefusedError as error:
        raise MailboxError(Trouble("consent", error.code, needs_somebody=True)) from error
    except TokenUnavailableError as error:
        raise MailboxError(Trouble("no_token")) from error
    until = (now + timedelta(seconds=token.seconds)).isoformat()
    _seal(connection, {**secrets, "secret": token.refresh, "access": token.access, "access_until": until})
    return token.access


def _seal(connection: Connection, secrets: dict[str, Any]) -> None:
    connection.secrets = secrets
    with company(connection.company_id):
        connection.save(update_fields=["sealed"])

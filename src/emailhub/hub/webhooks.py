"""The address and the secret by which another program hands mail in for a team."""

from __future__ import annotations

import secrets
from datetime import datetime

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require
from emailhub.delivery.models import Connection

from .errors import NeverSwitchedOnError
from .models import HubAddress

NAME = "HTTP"


def webhook_of(team: Team) -> Connection | None:
    """The team's, if it has one."""
    rows = Connection.objects.filter(team=team, kind=Connection.Kind.WEBHOOK)
    return rows.exclude(state=Connection.State.OFF).order_by("-id").first()


def open_webhook(team: Team, *, by: Advisor, now: datetime) -> tuple[Connection, str]:
    """Make a secret, and the address if there was none; an earlier secret ends. It is shown this once.

    Raises NeverSwitchedOnError.
    """
    require(may_manage(by, team))
    if not HubAddress.objects.filter(team=team).exists():
        raise NeverSwitchedOnError
    secret = secrets.token_urlsafe(32)
    connection = webhook_of(team) or Connection(
        company_id=team.company_id,
        team=team,
        kind=Connection.Kind.WEBHOOK,
        name=NAME,
        state=Connection.State.NEW,
    )
    connection.secrets = {"secret": secret}
    connection.save()
    _record(team, "", NAME, by, now)
    return connection, secret


def close_webhook(team: Team, *, by: Advisor, now: datetime) -> None:
    """Take nothing in by it any more."""
    require(may_manage(by, team))
    connection = webhook_of(team)
    if connection is not None:
        connection.state, connection.sealed = Connection.State.OFF, b""
        connection.save(update_fields=["state", "sealed"])
        _record(team, NAME, "", by, now)


def _record(team: Team, before: str, after: str, by: Advisor, now: datetime) -> None:
    change = audit.Change(before, after)
    audit.record(audit.Kind.EMAILHUB, team.name, by=by, at=now, team=team, webhook=change)

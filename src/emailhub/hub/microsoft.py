"""A team's mailbox at Microsoft 365: which it is, and that it is nobody else's."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection as database

from emailhub import mail
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.delivery.models import Connection

from .addresses import team_of
from .errors import AddressTakenError, NeverSwitchedOnError, NotAnOwnAddressError
from .models import HubAddress, Identity


def connection_of(team: Team) -> Connection | None:
    """The team's way to Microsoft 365, set up or being set up. One a team."""
    return Connection.objects.filter(team=team, kind=Connection.Kind.GRAPH).order_by("-id").first()


def may_use_tenant(tenant: str, company_id: int) -> bool:
    """Whether no other company has the tenant: somebody who works in one may manage in another here."""
    with database.cursor() as cursor:
        cursor.execute("SELECT tenant_of_another_company(%s, %s)", [tenant, company_id])
        return not cursor.fetchone()[0]


def read_mailbox(team: Team, typed: str) -> str:
    """A mailbox's address in normal form.

    Raises NeverSwitchedOnError, NotAnOwnAddressError, AddressTakenError.
    """
    if not Identity.objects.filter(team=team).exists():
        raise NeverSwitchedOnError
    address = mail.normal_address(typed.strip())
    if not address or not mail.is_sendable(address) or address.endswith(f"@{settings.MAIL_DOMAIN}"):
        raise NotAnOwnAddressError(typed.strip()[:254])
    owner = team_of(address)
    if owner and owner[1] != team.pk:
        raise AddressTakenError(address)
    return address


def claim_mailbox(connection: Connection, address: str, *, by: Advisor, now: datetime) -> HubAddress:
    """The mailbox can be read: it is the team's from now on, and what comes from now on is taken in."""
    before = connection.name
    if before != address or not connection.cursor:
        connection.cursor = {"since": now.isoformat()}
    connection.name, connection.state, connection.due_at = address, Connection.State.WORKING, now
    connection.failing_since, connection.problem, connection.problem_detail = None, "", ""
    connection.save(
        update_fields=["cursor", "name", "state", "due_at", "failing_since", "problem", "problem_detail"]
    )
    HubAddress.objects.filter(connection=connection).exclude(address=address).update(connection=None)
    row, _ = HubAddress.objects.update_or_create(
        address=address,
        defaults={
            "company_id": connection.company_id,
            "team_id": connection.team_id or 0,
            "kind": HubAddress.Kind.MICROSOFT_365,
            "connection": connection,
        },
    )
    if before != address:
        change = audit.Change(before, address)
        audit.record(audit.Kind.ADDRESS, address, by=by, at=now, team=row.team, mailbox=change)
    return row

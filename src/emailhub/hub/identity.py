"""What a team's manager decides about its e-mail: whether it has any, its display name, its two toggles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require

from .addresses import generate_address
from .display_name import parse_display_name
from .errors import NeverSwitchedOnError
from .models import HubAddress, Identity


def identity_of(team: Team) -> Identity | None:
    """The team's identity; None: EmailHub was never switched on for it."""
    return Identity.objects.select_related("team__company").filter(team=team).first()


def switch_on(team: Team, *, by: Advisor, now: datetime) -> Identity:
    """Let the team send and receive e-mail. The first time it gets its address, which is its sender."""
    require(may_manage(by, team))
    identity, is_new = Identity.objects.get_or_create(company_id=team.company_id, team=team)
    if not HubAddress.objects.filter(team=team).exists():
        generate_address(team)
    if is_new or not identity.enabled:
        _enable(identity, True, by=by, now=now)
    return identity


def switch_off(team: Team, *, by: Advisor, now: datetime) -> Identity:
    """Stop the team's e-mail: what comes in is held, its addresses stay its own.

    Raises NeverSwitchedOnError.
    """
    require(may_manage(by, team))
    identity = _locked(team)
    if identity.enabled:
        _enable(identity, False, by=by, now=now)
    return identity


def set_display_name(team: Team, typed: str, *, by: Advisor, now: datetime) -> Identity:
    """Show this name in the From line of the team's mail; empty: the team's name.

    Raises what parse_display_name() raises, NeverSwitchedOnError.
    """
    return _set(team, "display_name", parse_display_name(typed), by=by, now=now)


def set_known_contacts_only(team: Team, on: bool, *, by: Advisor, now: datetime) -> Identity:
    """Let only known contacts open tickets, from the next mail on. Raises NeverSwitchedOnError."""
    return _set(team, "known_contacts_only", on, by=by, now=now)


def set_display_name_in_automatic_replies(team: Team, on: bool, *, by: Advisor, now: datetime) -> Identity:
    """Send automatic replies under the display name, or the company's. Raises NeverSwitchedOnError."""
    return _set(team, "display_name_in_automatic_replies", on, by=by, now=now)


def _set(team: Team, field: str, value: str | bool, *, by: Advisor, now: datetime) -> Identity:
    """Change one field, and say in the audit what it was."""
    require(may_manage(by, team))
    identity = _locked(team)
    change: dict[str, Any] = {field: audit.Change(getattr(identity, field), value)}
    setattr(identity, field, value)
    identity.save(update_fields=[field])
    audit.record(audit.Kind.EMAILHUB, team.name, by=by, at=now, team=team, **change)
    return identity


def _enable(identity: Identity, on: bool, *, by: Advisor, now: datetime) -> None:
    identity.enabled = on
    identity.save(update_fields=["enabled"])
    audit.record(
        audit.Kind.EMAILHUB,
        identity.team.name,
        by=by,
        at=now,
        team=identity.team,
        enabled=audit.Change(not on, on),
    )


def _locked(team: Team) -> Identity:
    """The identity as it is now, until the transaction ends."""
    identity = Identity.objects.select_for_update().filter(team=team).first()
    if identity is None:
        raise NeverSwitchedOnError
    identity.team = team
    return identity

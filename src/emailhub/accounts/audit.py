"""Who changed what, when, and what it was before: an append-only table, written by the verbs themselves.

A verb calls `record()` in the transaction of its change, so that there is neither a change without its
entry nor an entry of a change that was rolled back. The database refuses to change or delete an entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import QuerySet

from . import permissions
from .models import Advisor, AuditEntry, Team

_LONGEST = 2000  # characters of a value: whole texts are in their own tables
_MOST_PARTS = 100  # of a list
Action = AuditEntry.Action


class Kind(models.TextChoices):
    """What was changed. A floor above that changes something else adds its kind here and its word in web."""

    COMPANY = "company"
    TEAM = "team"
    MEMBER = "member"  # an advisor in a team
    ADVISOR = "advisor"  # an advisor in the company
    INVITATION = "invitation"
    HOURS = "hours"
    EMAILHUB = "emailhub"
    ADDRESS = "address"
    RULE = "rule"
    AUTOMATIC_REPLY = "automatic_reply"
    HELD_MAIL = "held_mail"
    CONTACT = "contact"
    TICKET = "ticket"
    SECURITY = "security"


@dataclass(frozen=True)
class Change:
    """A value before and after. Never a secret: that one was set is said by `Change("", "•")`."""

    before: object
    after: object


def record(
    kind: Kind,
    what: str,
    *,
    by: Advisor | None,
    at: datetime,
    action: Action = Action.CHANGED,
    team: Team | None = None,
    **changes: Change,
) -> None:
    """Keep that somebody changed something. What was changed to what it was already is not kept.

    `what` is the name that the thing has. Without `by` it was the operator, by a command about a team.
    """
    real = {name: change for name, change in changes.items() if change.before != change.after}
    if action == Action.CHANGED and not real:
        return
    owner = by or team
    assert owner is not None, "an entry belongs to a company: its advisor's or its team's"
    AuditEntry.objects.create(
        company_id=owner.company_id,
        at=at,
        kind=kind,
        action=action,
        what=what[:254],
        team=team,
        by=by,
        by_name=by.user.name[:100] if by else "",
        changes={name: [_plain(change.before), _plain(change.after)] for name, change in real.items()},
    )


def entries_for(advisor: Advisor) -> QuerySet[AuditEntry]:
    """All of the company to an administrator; to a manager what was changed about their teams."""
    entries = AuditEntry.objects.filter(company_id=advisor.company_id).order_by("-id")
    if not permissions.may_manage_company(advisor):
        entries = entries.filter(team_id__in=permissions.manageable_team_ids(advisor))
    return entries.select_related("team")


def _plain(value: object) -> object:
    """As JSON can have it and a page can show it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value[:_MOST_PARTS]]
    return str(value)[:_LONGEST]

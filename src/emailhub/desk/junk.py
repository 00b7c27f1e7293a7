"""Mark a ticket as junk, and block who wrote it. Nobody outside is told, and it can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require
from emailhub.hub.addresses import team_of
from emailhub.hub.blocked_sender import BlockedSender
from emailhub.hub.policy import changed

from .errors import DeskError
from .models import Activity, Ticket
from .permissions import require_work

Block = Literal["", "sender", "domain"]

# Half of all customers write from one of these: to block one would hold their mail as well.
_EVERYBODYS = frozenset(
    [
        "aol.com",
        "gmail.com",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "hotmail.es",
        "icloud.com",
        "live.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "outlook.es",
        "proton.me",
        "protonmail.com",
        "terra.es",
        "web.de",
        "yahoo.com",
        "yahoo.es",
        "yandex.com",
        "yandex.ru",
        "zoho.com",
    ]
)


class CannotBlockError(DeskError):
    """There is nobody to block, or too many would be blocked with them."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value

    def __str__(self) -> str:
        if not self.value:
            return _("This ticket has no received email whose sender could be blocked.")
        return _("%(value)s cannot be blocked: too many others write from there.") % {"value": self.value}


def mark_as_junk(ticket: Ticket, *, block: Block = "", by: Advisor, now: datetime) -> None:
    """Close the ticket as junk. `block`: hold what its sender, or their whole domain, writes from now on.

    Raises NotAllowedError, CannotBlockError.
    """
    require_work(by, ticket)
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).select_related("team").get(pk=ticket.pk)
        value = _value(ticket, block) if block else ""
        is_new = _block(ticket.team, value, by=by, now=now) if value else False
        detail = {"blocked": value, "is_new": is_new, "was": ticket.status}
        ticket.close(by=by, now=now)
        ticket.record(Activity.Kind.JUNK, by=by, at=now, detail=detail)


def not_junk(ticket: Ticket, *, by: Advisor, now: datetime) -> None:
    """Take the mark back: the ticket is open again, and whom it blocked may write. Raises NotAllowedError."""
    require_work(by, ticket)
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).select_related("team").get(pk=ticket.pk)
        mark = ticket.activities.filter(kind=Activity.Kind.JUNK).order_by("-id").first()
        if mark is None or mark.detail.get("undone"):
            return
        if mark.detail["was"] != Ticket.Status.CLOSED:
            ticket.reopen(by=by, now=now)
        if mark.detail["is_new"]:
            _unblock(ticket.team, mark.detail["blocked"], by=by, now=now)
        ticket.record(Activity.Kind.JUNK, by=by, at=now, detail={"undone": True})


def blocked_of(team: Team) -> QuerySet[BlockedSender]:
    """Whom the team has blocked, by name."""
    return BlockedSender.objects.filter(team=team).select_related("by__user").order_by("value")


def unblock(blocked: BlockedSender, *, by: Advisor, now: datetime) -> None:
    """Let them write again; what is held stays held. Raises NotPermittedError."""
    require(may_manage(by, blocked.team))
    _unblock(blocked.team, blocked.value, by=by, now=now)


def _value(ticket: Ticket, block: Block) -> str:
    """The address or the domain of who wrote last from outside. Raises CannotBlockError."""
    received = ticket.messages.filter(outgoing__isnull=True, activity__kind=Activity.Kind.RECEIVED)
    address = received.order_by("-id").values_list("sender_address", flat=True).first() or ""
    domain = address.rpartition("@")[2]
    value = address if block == "sender" else domain
    if not value or value in _EVERYBODYS or (block == "sender" and team_of(address)):
        raise CannotBlockError(value)
    return value


def _block(team: Team, value: str, *, by: Advisor, now: datetime) -> bool:
    """Whether it is news."""
    _row, is_new = BlockedSender.objects.get_or_create(
        company_id=team.company_id, team=team, value=value, defaults={"by": by, "at": now}
    )
    if is_new:
        changed(team)
        change = audit.Change("", value)
        audit.record(audit.Kind.EMAILHUB, team.name, by=by, at=now, team=team, blocked=change)
    return is_new


def _unblock(team: Team, value: str, *, by: Advisor, now: datetime) -> None:
    BlockedSender.objects.filter(team=team, value=value).delete()
    changed(team)
    audit.record(audit.Kind.EMAILHUB, team.name, by=by, at=now, team=team, blocked=audit.Change(value, ""))

"""One act on many tickets, and its undoing. Each ticket is asked for itself whether the advisor may."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor

from .errors import DeskError
from .junk import mark_as_junk, not_junk
from .models import BulkAct, Tag, Ticket
from .permissions import may_work_on
from .snoozing import snooze
from .tags import add_tag, remove_tag

AT_MOST = 100
UNDO_FOR = timedelta(hours=1)


class Act(StrEnum):
    CLOSE = "close"
    REOPEN = "reopen"
    ASSIGN = "assign"
    TAG = "tag"
    SNOOZE = "snooze"
    JUNK = "junk"


class TooManyError(DeskError):
    """More tickets are chosen than may be changed at once."""

    def __str__(self) -> str:
        return _("At most %(number)s tickets at once: choose fewer of them.") % {"number": AT_MOST}


@dataclass(frozen=True)
class Wish:
    """What is to be done, with what that needs."""

    act: Act
    assignee: Advisor | None = None
    tag: Tag | None = None
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Done:
    row: BulkAct  # to undo it by
    changed: int
    refused: int  # that the advisor may not work on, or to which it cannot be done


def carry_out(wish: Wish, ticket_ids: Collection[int], *, by: Advisor, now: datetime) -> Done:
    """Do it to those of the tickets to which it can be done. Raises TooManyError, SnoozeTimeError."""
    if len(set(ticket_ids)) > AT_MOST:
        raise TooManyError
    with transaction.atomic():
        before, refused = [], 0
        for ticket in _locked(ticket_ids, by):
            if not _can_be_done(wish, ticket, by):
                refused += 1
                continue
            was = _state_of(ticket)
            if _DO[wish.act](ticket, wish, by, now):
                before.append(was)
        row = BulkAct.objects.create(
            company_id=by.company_id, advisor=by, act=wish.act, detail=_detail(wish), before=before, at=now
        )
    return Done(row, len(before), refused)


def undo(row: BulkAct, *, by: Advisor, now: datetime) -> int:
    """Take back what nobody has changed since, once and within the hour; of how many tickets."""
    with transaction.atomic():
        locked = BulkAct.objects.select_for_update().get(pk=row.pk)
        if locked.advisor_id != by.pk or locked.undone_at or locked.at < now - UNDO_FOR:
            return 0
        before: dict[int, dict[str, Any]] = {was["ticket"]: was for was in locked.before}
        workable = [ticket for ticket in _locked(before, by) if may_work_on(by, ticket)]
        undone = [_UNDO[Act(locked.act)](ticket, before[ticket.pk], locked, by, now) for ticket in workable]
        locked.undone_at = now
        locked.save(update_fields=["undone_at"])
    return sum(undone)


def forget_old(company_id: int, *, now: datetime) -> None:
    """What can no longer be undone need not be kept."""
    BulkAct.objects.filter(company_id=company_id, at__lt=now - UNDO_FOR).delete()


def _locked(ticket_ids: Collection[int], by: Advisor) -> list[Ticket]:
    """In one order always, so that two who choose the same do not wait for each other."""
    found = Ticket.objects.visible_to(by).filter(pk__in=ticket_ids).select_for_update(of=("self",))
    return list(found.select_related("team", "contact", "assignee__user").order_by("pk"))


def _can_be_done(wish: Wish, ticket: Ticket, by: Advisor) -> bool:
    if not may_work_on(by, ticket):
        return False
    if wish.act == Act.SNOOZE:
        return not ticket.is_closed
    if wish.act == Act.ASSIGN and wish.assignee and wish.assignee.pk != by.pk:
        return wish.assignee.may_write and ticket.team_id in wish.assignee.team_ids()
    return True


def _state_of(ticket: Ticket) -> dict[str, object]:
    return {
        "ticket": ticket.pk,
        "status": ticket.status,
        "assignee": ticket.assignee_id,
        "until": ticket.snoozed_until and ticket.snoozed_until.isoformat(),
        "reason": ticket.snooze_reason,
        "waits": ticket.needs_reply_since and ticket.needs_reply_since.isoformat(),
    }


def _detail(wish: Wish) -> dict[str, object]:
    return {"assignee": wish.assignee and wish.assignee.pk, "tag": wish.tag and wish.tag.pk}


def _close(ticket: Ticket, wish: Wish, by: Advisor, now: datetime) -> bool:
    was = ticket.status
    ticket.close(by=by, now=now)
    return was != ticket.status


def _reopen(ticket: Ticket, wish: Wish, by: Advisor, now: datetime) -> bool:
    was = ticket.status
    ticket.reopen(by=by, now=now)
    return was != ticket.status


def _assign(ticket: Ticket, wish: Wish, by: Advisor, now: datetime) -> bool:
    was = ticket.assignee_id
    ticket.assign(wish.assignee, by=by, now=now)
    return was != ticket.assignee_id


def _tag(ticket: Ticket, wish: Wish, by: Advisor, now: datetime) -> bool:
    assert wish.tag is not None
    return add_tag(ticket, wish.tag, by=by, now=now)


def _snooze(ticket: Ticket, wish: Wish, by: Advisor, now: datetime) -> bool:
    snooze(ticket, wish.until or now, reason=wish.reason, by=by, now=now)
    return True


def _junk(ticket: Ticket, wish: Wish, by: Advisor, now: datetime) -> bool:
    mark_as_junk(ticket, by=by, now=now)
    return True


_DO: Mapping[Act, Callable[[Ticket, Wish, Advisor, datetime], bool]] = {
    Act.CLOSE: _close,
    Act.REOPEN: _reopen,
    Act.ASSIGN: _assign,
    Act.TAG: _tag,
    Act.SNOOZE: _snooze,
    Act.JUNK: _junk,
}


def _open_again(ticket: Ticket, was: dict[str, Any], by: Advisor, now: datetime) -> bool:
    """As it was before it was closed: open, waiting or asleep, and whoever waited has waited since."""
    ticket.reopen(by=by, now=now)
    return _as_before(ticket, was, by, now)


def _as_before(ticket: Ticket, was: dict[str, Any], by: Advisor, now: datetime) -> bool:
    if was["status"] == Ticket.Status.WAITING:
        ticket.wait(by=by, now=now)
    elif was["status"] == Ticket.Status.SNOOZED and was["until"] > now.isoformat():
        ticket.snooze(datetime.fromisoformat(was["until"]), reason=was["reason"], by=by, now=now)
    if was["waits"]:
        Ticket.objects.filter(pk=ticket.pk).update(needs_reply_since=datetime.fromisoformat(was["waits"]))
    return True


def _unclose(ticket: Ticket, was: dict[str, Any], row: BulkAct, by: Advisor, now: datetime) -> bool:
    return ticket.is_closed and _open_again(ticket, was, by, now)


def _unreopen(ticket: Ticket, was: dict[str, Any], row: BulkAct, by: Advisor, now: datetime) -> bool:
    return _close(ticket, Wish(Act.CLOSE), by, now)


def _unassign(ticket: Ticket, was: dict[str, Any], row: BulkAct, by: Advisor, now: datetime) -> bool:
    if ticket.assignee_id != row.detail["assignee"]:
        return False
    before = Advisor.objects.filter(pk=was["assignee"], is_active=True).first() if was["assignee"] else None
    ticket.assign(before, by=by, now=now)
    return True


def _untag(ticket: Ticket, was: dict[str, Any], row: BulkAct, by: Advisor, now: datetime) -> bool:
    tag = Tag.objects.filter(pk=row.detail["tag"]).first()
    return tag is not None and remove_tag(ticket, tag, by=by, now=now)


def _unsnooze(ticket: Ticket, was: dict[str, Any], row: BulkAct, by: Advisor, now: datetime) -> bool:
    if ticket.status != Ticket.Status.SNOOZED:
        return False
    ticket.wake(by=by, now=now)
    return _as_before(ticket, was, by, now)


def _unjunk(ticket: Ticket, was: dict[str, Any], row: BulkAct, by: Advisor, now: datetime) -> bool:
    if not ticket.is_closed:
        return False
    not_junk(ticket, by=by, now=now)
    ticket.refresh_from_db()
    return True if ticket.is_closed else _as_before(ticket, was, by, now)


_UNDO: Mapping[Act, Callable[[Ticket, dict[str, Any], BulkAct, Advisor, datetime], bool]] = {
    Act.CLOSE: _unclose,
    Act.REOPEN: _unreopen,
    Act.ASSIGN: _unassign,
    Act.TAG: _untag,
    Act.SNOOZE: _unsnooze,
    Act.JUNK: _unjunk,
}

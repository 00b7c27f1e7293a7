"""Put a ticket out of sight until a time, or until the customer writes, and bring it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor
from emailhub.accounts.tenancy import company

from .errors import DeskError
from .models import Activity, Seen, Ticket
from .news import News
from .permissions import require_work

LONGEST = timedelta(days=366)
_BATCH = 50


class SnoozeTimeError(DeskError):
    """A ticket is to sleep until a time that is over, or for years."""

    def __str__(self) -> str:
        return _("Choose a time that is still to come, within a year.")


class ClosedError(DeskError):
    """A closed ticket is out of sight already."""

    def __str__(self) -> str:
        return _("This ticket is closed. Reopen it first.")


def snooze(ticket: Ticket, until: datetime, *, reason: str = "", by: Advisor, now: datetime) -> None:
    """Raises NotAllowedError, SnoozeTimeError, ClosedError."""
    require_work(by, ticket)
    if not now < until <= now + LONGEST:
        raise SnoozeTimeError
    if ticket.is_closed:
        raise ClosedError
    ticket.snooze(until, reason=reason, by=by, now=now)


def wake_due() -> int:
    """Wake what has slept long enough, of all companies; how many it was. The worker's loop calls it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, company_id FROM due_snoozes(%s)", [_BATCH])
        due: list[tuple[int, int]] = cursor.fetchall()
    return sum(_wake(ticket_id, company_id, now=timezone.now()) for ticket_id, company_id in due)


def _wake(ticket_id: int, company_id: int, *, now: datetime) -> bool:
    """Whether it was still for us to do: another worker, or somebody by hand, may have been quicker."""
    with company(company_id):
        sleeping = Ticket.objects.filter(pk=ticket_id, snoozed_until__lte=now)
        ticket = sleeping.select_for_update(skip_locked=True).first()
        if ticket is None:
            return False
        ticket.wake(by=None, now=now, why="time")
        _bring_to_the_top(ticket, now=now)
        return True


def _bring_to_the_top(ticket: Ticket, *, now: datetime) -> None:
    """It stands first in its list, and unread for whose it is and for who let it sleep; both are told."""
    Ticket.objects.filter(pk=ticket.pk).update(last_activity_at=now)
    slept = ticket.activities.filter(kind=Activity.Kind.SNOOZED).order_by("-id")
    sleeper = slept.values_list("advisor_id", flat=True).first()
    theirs = Q(advisor_id=ticket.assignee_id) | Q(advisor_id=sleeper)
    Seen.objects.filter(theirs, ticket=ticket).update(activity_id=ticket.last_activity_id - 1)
    woken = ticket.activities.filter(kind=Activity.Kind.WOKEN).latest("id")
    ticket.notifications.tell(woken, dict.fromkeys((ticket.assignee_id, sleeper), News.SNOOZE))

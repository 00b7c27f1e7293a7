"""What an advisor has been told, and what of it they have read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from emailhub.accounts.models import Advisor

from .models import Notification, Ticket
from .telling import NotificationQuerySet

SHOWN = 100
_KEPT_FOR = timedelta(days=60)


def unread_marks() -> ArraySubquery:
    """An annotation of advisors, `unread_marks`: of each unread one the ticket and its team.

    With it the page that greets everybody by their number need not ask for it.
    """
    unread = Notification.objects.unread().filter(advisor_id=OuterRef("pk")).order_by("-id")
    return ArraySubquery(
        unread.values(mark=JSONObject(ticket="ticket_id", team=F("ticket__team_id")))[:SHOWN]
    )


def count_unread(advisor: Advisor) -> int:
    """How many the advisor has not read, of tickets that they may read; of an annotated advisor."""
    readable = advisor.readable_team_ids()
    return sum(mark["team"] in readable for mark in _marks(advisor))


def newest(advisor: Advisor, *, at_most: int = SHOWN) -> QuerySet[Notification]:
    """The last ones, read or not, with all that their words need."""
    shown = Notification.objects.of(advisor).filter(in_page=True)
    return with_words(shown).order_by("-id")[:at_most]


def with_words(notifications: QuerySet[Notification]) -> QuerySet[Notification]:
    """With the ticket, its contact, and what happened."""
    return notifications.select_related(
        "ticket__contact", "ticket__team", "activity__advisor__user", "activity__message"
    ).defer("activity__search")


def read(unread: NotificationQuerySet, *, now: datetime) -> None:
    """Mark these as read. No e-mail tells of what has been read."""
    unread.filter(read_at__isnull=True).update(read_at=now, mail_due_at=None, push_due=False)


def read_ticket(ticket: Ticket, advisor: Advisor, *, now: datetime) -> None:
    """The ticket has been opened: what was told about it is known. Costs nothing where nothing was."""
    marks = _marks(advisor)
    if any(mark["ticket"] == ticket.pk for mark in marks):
        read(ticket.notifications.filter(advisor=advisor), now=now)
        marks[:] = [mark for mark in marks if mark["ticket"] != ticket.pk]


def forget_old(company_id: int, *, now: datetime) -> None:
    """Delete what is too old to be of any use."""
    Notification.objects.filter(company_id=company_id, at__lt=now - _KEPT_FOR).delete()


def _marks(advisor: Advisor) -> list[dict[str, int]]:
    marks: list[dict[str, int]] = getattr(advisor, "unread_marks", [])
    return marks

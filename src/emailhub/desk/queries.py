"""Selections as nouns. Every look-up from a page starts at `visible_to(advisor)`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, FilteredRelation, Q, When
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from emailhub.accounts.models import Advisor

    from .models import Activity, Attachment, Contact, Ticket  # noqa: F401  (in strings below)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, advisor: Advisor) -> Self:
        """The tickets of the teams that the advisor may read."""
        return self.filter(company_id=advisor.company_id, team_id__in=advisor.readable_team_ids())

    def mine(self, advisor: Advisor) -> Self:
        return self.filter(assignee_id=advisor.id).awake()

    def unassigned(self) -> Self:
        return self.filter(assignee__isnull=True).awake()

    def open(self) -> Self:
        return self.filter(status="open")

    def waiting(self) -> Self:
        return self.filter(status="waiting")

    def closed(self) -> Self:
        return self.filter(status="closed")

    def snoozed(self) -> Self:
        return self.filter(status="snoozed")

    def awake(self) -> Self:
        """What is to be worked on now: neither closed nor snoozed."""
        return self.filter(status__in=("open", "waiting"))

    def not_closed(self) -> Self:
        return self.filter(status__in=("open", "waiting", "snoozed"))

    def of_team(self, team_id: int) -> Self:
        return self.filter(team_id=team_id)

    def tagged(self, tag_id: int) -> Self:
        return self.filter(ticket_tags__tag_id=tag_id)

    def newest_first(self) -> Self:
        return self.order_by("-last_activity_at", "-id")

    def with_unread(self, advisor: Advisor) -> Self:
        """Annotate `unread`: a message or note that this advisor has not seen."""
        own = FilteredRelation("seen", condition=Q(seen__advisor_id=advisor.id))
        return self.annotate(own_mark=own).annotate(
            unread=Case(When(own_mark__activity_id__gte=F("last_activity_id"), then=False), default=True)
        )

    def with_mark(self) -> Self:
        """After with_unread(): annotate `seen_to`, the last entry that this advisor has seen, or 0."""
        return self.annotate(seen_to=Coalesce(F("own_mark__activity_id"), 0))

    def page(self, after: str = "", size: int = 50) -> Page:
        """One page of the newest, and the mark at which the next one starts."""
        rows = self.newest_first()
        if mark := _read_mark(after):
            at, last_id = mark
            rows = rows.filter(
                Q(last_activity_at__lt=at) | Q(last_activity_at=at, id__lt=last_id), last_activity_at__lte=at
            )
        found = list(rows[: size + 1])
        last = found[size - 1] if len(found) > size else None
        return Page(found[:size], f"{last.last_activity_at.isoformat()}_{last.id}" if last else "")


@dataclass(frozen=True)
class Page:
    """Rows of a list, and where the next page starts: an empty mark means that there is none."""

    rows: list[Ticket]
    next: str


def _read_mark(mark: str) -> tuple[datetime, int] | None:
    at, _, last_id = mark.rpartition("_")
    try:
        moment, number = datetime.fromisoformat(at), int(last_id)
    except ValueError:
        return None  # a mark that somebody typed: start at the top
    usable = moment.tzinfo is not None and 1970 <= moment.year <= 2200 and 0 <= number < 2**63
    return (moment, number) if usable else None


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, advisor: Advisor) -> Self:
        """All of the company: contacts are shared by its teams."""
        return self.filter(company_id=advisor.company_id)

    def with_address(self, address: str) -> Self:
        return self.filter(emails__address=address)


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, advisor: Advisor) -> Self:
        return self.filter(company_id=advisor.company_id, ticket__team_id__in=advisor.readable_team_ids())

    def timeline(self) -> Self:
        """In order, with who did it and with their e-mails."""
        related = self.select_related("advisor__user", "message__outgoing", "chat__outgoing")
        return related.defer("search").order_by("id")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, advisor: Advisor) -> Self:
        """Files of readable tickets, and one's own uploads that no message holds yet."""
        return self.filter(
            Q(ticket__team_id__in=advisor.readable_team_ids())
            | Q(ticket__isnull=True, uploaded_by_id=advisor.id),
            company_id=advisor.company_id,
        )

"""Selections as nouns. Every look-up from a page starts at `visible_to(advisor)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from emailhub.accounts.models import Advisor



class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, advisor: Advisor) -> Self:
        """The tickets of the teams that the advisor may read."""
        return self.filter(company_id=advisor.company_id, team_id__in=advisor.readable_team_ids())

    def not_closed(self) -> Self:
        return self.exclude(status="closed")

    def newest_first(self) -> Self:
        return self.order_by("-last_activity_at", "-id")


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, advisor: Advisor) -> Self:
        """All of the company: contacts are shared by its teams."""
        return self.filter(company_id=advisor.company_id)

    def with_address(self, address: str) -> Self:
        return self.filter(emails__address=address)

    def matching(self, words: str) -> Self:
        """Contacts whose name, organisation, address or phone contains the words."""
        return self.filter(
            Q(name__icontains=words)
            | Q(organisation__icontains=words)
            | Q(emails__address__icontains=words)
            | Q(phones__number__icontains=words)
        ).distinct()


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, advisor: Advisor) -> Self:
        return self.filter(company_id=advisor.company_id, ticket__team_id__in=advisor.readable_team_ids())

    def timeline(self) -> Self:
        """In order, with all that a page shows of them."""
        return (
            self.select_related("advisor__user", "message__outgoing")
            .prefetch_related("attachments", "message__outgoing__recipients")
            .order_by("id")
        )


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, advisor: Advisor) -> Self:
        """Files of readable tickets, and one's own uploads that no message holds yet."""
        return self.filter(
            Q(ticket__team_id__in=advisor.readable_team_ids())
            | Q(ticket__isnull=True, uploaded_by_id=advisor.id),
            company_id=advisor.company_id,
        )

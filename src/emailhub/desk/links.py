"""Links between tickets by an advisor's word. Each ticket's timeline tells of them; both stay as they are."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor

from .errors import DeskError
from .models import Activity, Ticket, TicketLink
from .permissions import require_work


class SameTicketError(DeskError):
    """A ticket is to be linked with itself."""

    def __str__(self) -> str:
        return _("A ticket cannot be linked with itself.")


def link_rows() -> ArraySubquery:
    """An annotation of tickets, `link_rows`: their links in both directions, oldest first."""
    links = TicketLink.objects.filter(Q(ticket=OuterRef("pk")) | Q(other=OuterRef("pk"))).order_by("pk")
    row = JSONObject(id="pk", kind="kind", ticket="ticket_id", other="other_id")
    return ArraySubquery(links.values(row=row))


def link(ticket: Ticket, other: Ticket, kind: TicketLink.Kind, *, by: Advisor, now: datetime) -> None:
    """Link the ticket with another that the advisor reads; a link that there is becomes one of this kind.

    Raises NotAllowedError, SameTicketError.
    """
    require_work(by, ticket)
    if ticket.pk == other.pk:
        raise SameTicketError
    with transaction.atomic():
        between(ticket, other).delete()
        TicketLink.objects.create(
            company_id=ticket.company_id, ticket=ticket, other=other, kind=kind, by=by, at=now
        )
        back = "duplicated" if kind == TicketLink.Kind.DUPLICATE else kind.value
        _tell(ticket, other, kind.value, by=by, now=now)
        _tell(other, ticket, back, by=by, now=now)


def unlink(ticket: Ticket, found: TicketLink, *, by: Advisor, now: datetime) -> None:
    """Take a link of the ticket away, from both. Raises NotAllowedError."""
    require_work(by, ticket)
    with transaction.atomic():
        found.delete()
        for one, another in ((found.ticket, found.other), (found.other, found.ticket)):
            _tell(one, another, "unlinked", by=by, now=now)


def links_of(ticket: Ticket) -> QuerySet[TicketLink]:
    """In both directions."""
    return TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket)).select_related("ticket", "other")


def between(ticket: Ticket, other: Ticket) -> QuerySet[TicketLink]:
    """The links of these two."""
    return TicketLink.objects.filter(Q(ticket=ticket, other=other) | Q(ticket=other, other=ticket))


def _tell(ticket: Ticket, other: Ticket, kind: str, *, by: Advisor, now: datetime) -> None:
    ticket.record(Activity.Kind.LINKED, by=by, at=now, detail={"kind": kind, "number": other.number})

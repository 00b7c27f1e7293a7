"""The list in the middle: which tickets, from the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emailhub.accounts.models import Advisor
from emailhub.desk.models import Ticket
from emailhub.desk.queries import Page, TicketQuerySet
from emailhub.desk.tags import with_tags

PAGE_SIZE = 40


class View(StrEnum):
    """The views of the rail."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    ALL = "all"


class Order(StrEnum):
    """How a list is sorted."""

    NEWEST = "newest"
    WAITING = "waiting"  # who waits longest for an answer comes first; the others are left out


TITLES: Mapping[View, str | Promise] = {
    View.MINE: _("My tickets"),
    View.UNASSIGNED: _("Unassigned"),
    View.OPEN: pgettext_lazy("view", "Open"),
    View.WAITING: pgettext_lazy("view", "Waiting"),
    View.SNOOZED: pgettext_lazy("view", "Snoozed"),
    View.CLOSED: pgettext_lazy("view", "Closed"),
    View.ALL: pgettext_lazy("view", "All"),
}


@dataclass(frozen=True)
class Listing:
    """One list of tickets: a view, perhaps of one team, of one tag, only those that wait, in an order."""

    view: View = View.OPEN
    team_id: int | None = None
    tag_id: int | None = None
    unanswered: bool = False
    order: Order = Order.NEWEST

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Listing:
        """What the address says; what it says wrongly is left out."""
        view = query.get("view", "")
        return cls(
            view=View(view) if view in set(View) else View.OPEN,
            team_id=_id_in(query, "team"),
            tag_id=_id_in(query, "tag"),
            unanswered=query.get("unanswered") == "1",
            order=Order.WAITING if query.get("order") == Order.WAITING else Order.NEWEST,
        )

    @property
    def title(self) -> str | Promise:
        return TITLES[self.view]

    def query(self) -> str:
        """The address's query, so that a ticket's page keeps the list beside it."""
        return _query(self)

    def in_order(self, order: str) -> Listing:
        return replace(self, order=Order(order))

    def of_team(self, team_id: int | None) -> Listing:
        return replace(self, team_id=team_id)

    def with_tag(self, tag_id: int | None) -> Listing:
        return replace(self, tag_id=tag_id)

    def only_unanswered(self, unanswered: bool) -> Listing:
        return replace(self, unanswered=unanswered)

    def tickets(self, advisor: Advisor) -> TicketQuerySet:
        """The tickets of this list, with all that a row shows."""
        tickets = _viewed(Ticket.objects.visible_to(advisor), self.view, advisor)
        if self.team_id is not None:
            tickets = tickets.of_team(self.team_id)
        if self.tag_id is not None:
            tickets = tickets.tagged(self.tag_id)
        if self.unanswered or self.order == Order.WAITING:
            tickets = tickets.filter(needs_reply_since__isnull=False)
        return with_tags(tickets.with_unread(advisor)).select_related("contact", "assignee__user")

    def page(self, advisor: Advisor, after: str = "") -> Page:
        """A page of the list, and the mark at which the next one starts."""
        tickets = self.tickets(advisor)
        return (
            _longest_waiting(tickets, after)
            if self.order == Order.WAITING
            else tickets.page(after, PAGE_SIZE)
        )


def _id_in(query: Mapping[str, str], name: str) -> int | None:
    value = query.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


@lru_cache(maxsize=1024)
def _query(listing: Listing) -> str:
    """Kept: each row of a list and each place of the rail has one."""
    parts = {"view": listing.view.value}
    if listing.team_id is not None:
        parts["team"] = str(listing.team_id)
    if listing.tag_id is not None:
        parts["tag"] = str(listing.tag_id)
    if listing.unanswered:
        parts["unanswered"] = "1"
    if listing.order != Order.NEWEST:
        parts["order"] = listing.order.value
    return urlencode(parts)


def _longest_waiting(tickets: TicketQuerySet, after: str) -> Page:
    """A page by how long the customer waits. The mark is the last one's instant and id."""
    rows = tickets.order_by("needs_reply_since", "id")
    if mark := _read_mark(after):
        since, last_id = mark
        rows = rows.filter(Q(needs_reply_since__gt=since) | Q(needs_reply_since=since, id__gt=last_id))
    found = list(rows[: PAGE_SIZE + 1])
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    mark_of_next = (
        f"{last.needs_reply_since.isoformat()}_{last.pk}" if last and last.needs_reply_since else ""
    )
    return Page(found[:PAGE_SIZE], mark_of_next)


def _read_mark(mark: str) -> tuple[datetime, int] | None:
    since, _underscore, last_id = mark.rpartition("_")
    try:
        return datetime.fromisoformat(since), int(last_id)
    except ValueError:
        return None  # somebody typed it: start at the top


def _viewed(tickets: TicketQuerySet, view: View, advisor: Advisor) -> TicketQuerySet:
    match view:
        case View.MINE:
            return tickets.mine(advisor)
        case View.UNASSIGNED:
            return tickets.unassigned()
        case View.OPEN:
            return tickets.open()
        case View.WAITING:
            return tickets.waiting()
        case View.SNOOZED:
            return tickets.snoozed()
        case View.CLOSED:
            return tickets.closed()
        case View.ALL:
            return tickets

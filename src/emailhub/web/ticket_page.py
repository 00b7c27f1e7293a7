"""What the page of a ticket shows, gathered with few queries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, prefetch_related_objects
from django.http import QueryDict
from django.utils import timezone

from emailhub.accounts.models import Advisor, Role, Team
from emailhub.desk.models import Attachment, Ticket
from emailhub.desk.permissions import may_work_on
from emailhub.desk.recent import recent_activity
from emailhub.desk.seen import mark_seen

from . import timeline
from .composing import composer_for
from .linked import Linked, Row, build_linked, other_ids
from .listing import Listing
from .requests import AdvisorRequest
from .timeline_filter import Choice, build_bar

HISTORY = 50


class Tab(StrEnum):
    ALL = "all"
    CONTACT = "contact"
    FILES = "files"
    DETAILS = "details"


@dataclass(frozen=True)
class Related:
    """The other tickets of a ticket: of the same contact, and those it is linked with."""

    history: list[Ticket]  # of the same contact, newest first
    linked: list[Ticket]  # follow-ups and their like
    explicit: list[Linked]  # by an advisor's word

    @property
    def rest(self) -> list[Ticket]:
        """Of the history what is not linked in any way."""
        shown = {other.pk for other in self.linked} | {one.ticket.pk for one in self.explicit}
        return [other for other in self.history if other.pk not in shown]


@dataclass(frozen=True)
class Followers:
    """Who follows a whole ticket."""

    names: list[str]
    has_me: bool

    @classmethod
    def of(cls, ticket: Ticket, advisor: Advisor) -> Followers:
        rows: list[dict[str, object]] = ticket.follower_rows  # type: ignore[attr-defined]
        return cls([str(row["name"]) for row in rows], any(row["id"] == advisor.pk for row in rows))


def page_context(request: AdvisorRequest, ticket: Ticket) -> dict[str, object]:
    """Everything for the whole page: the list beside it, its details, the chosen tab."""
    listing = Listing.from_query(request.GET)
    page = listing.page(request.advisor)
    tab = chosen_tab(request)
    return {
        "listing": listing,
        "page": page,
        "current_id": ticket.pk,
        "tab": tab,
        "files": _files(ticket, tab),
        **details_context(request, ticket),
        **_tab_context(request, ticket, tab),
    }


def details_context(request: AdvisorRequest, ticket: Ticket) -> dict[str, object]:
    """The column of details, which is also fetched alone when the ticket changes."""
    may_work = may_work_on(request.advisor, ticket)
    prefetch_related_objects([ticket.contact], "emails", "phones")
    return {
        "ticket": ticket,
        "may_work": may_work,
        "advisors": candidates(ticket.team, request.advisor) if may_work else [],
        "teams": request.advisor.company_teams if may_work else [],
        "related": find_related(ticket, request.advisor),
        "followers": Followers.of(ticket, request.advisor),
        "edit": request.GET.get("edit", ""),
        "now": timezone.now(),
    }


def _tab_context(request: AdvisorRequest, ticket: Ticket, tab: Tab) -> dict[str, object]:
    if tab == Tab.CONTACT:
        return {"recent": recent_activity(ticket.contact, request.advisor)}
    if tab != Tab.ALL:
        return {}
    choice = Choice.from_query(request.GET)
    found = _window(ticket, request.GET, choice)
    seen_to = read_mark(request.GET, "seen") or ticket.seen_to  # type: ignore[attr-defined]
    new_from = timeline.first_new(ticket, found, seen_to=seen_to, advisor=request.advisor)
    if found.later is None and ticket.unread:  # type: ignore[attr-defined]
        mark_seen(ticket, request.advisor)
    return {
        "timeline": found,
        "choice": choice,
        "bar": build_bar(ticket, choice),
        "new_from": new_from,
        "new_is_above": bool(new_from and found.entries and new_from < found.entries[0].activity.pk),
        "seen_to": seen_to,
        "composer": composer_for(ticket, request.advisor, request.GET),
    }


def _window(ticket: Ticket, query: QueryDict, choice: Choice) -> timeline.Timeline:
    """The newest entries, those `before` one, or those around the one that is asked for by `at`."""
    now = timezone.now()
    if at := read_mark(query, "at"):
        return timeline.around(ticket, at=at, now=now, choice=choice)
    return timeline.newest(ticket, now=now, before=read_mark(query, "before"), choice=choice)


def read_mark(query: QueryDict, name: str) -> int | None:
    """The id of an activity in an address, if there is one that can be."""
    mark = query.get(name, "")
    return int(mark) if mark.isascii() and mark.isdecimal() and len(mark) < 19 else None


def chosen_tab(request: AdvisorRequest) -> Tab:
    tab = request.GET.get("tab", "")
    return Tab(tab) if tab in set(Tab) else Tab.ALL


def candidates(team: Team, advisor: Advisor) -> list[Advisor]:
    """Who can be given a ticket of the team: its members who may write, and the one who asks."""
    members = Advisor.objects.filter(
        Q(memberships__team=team) | Q(pk=advisor.pk), company_id=team.company_id, is_active=True
    ).exclude(role=Role.VIEW_ONLY)
    return list(members.select_related("user").order_by("user__name", "pk").distinct())


def find_related(ticket: Ticket, advisor: Advisor) -> Related:
    """Other tickets that the advisor may read, of the same contact or linked by hand or by mail."""
    rows: list[Row] = getattr(ticket, "link_rows", [])
    chosen = other_ids(rows, ticket)
    links = [pk for pk in (ticket.follow_up_of_id, ticket.related_to_id) if pk]
    linked = Q(pk__in=[*links, *chosen]) | Q(follow_up_of=ticket) | Q(related_to=ticket)
    others = (
        Ticket.objects.visible_to(advisor)
        .filter(Q(contact_id=ticket.contact_id) | linked)
        .exclude(pk=ticket.pk)
        .select_related("team", "assignee__user")
        .newest_first()
    )
    found = list(others[:HISTORY])
    return Related(
        history=[other for other in found if other.contact_id == ticket.contact_id],
        linked=[
            other
            for other in found
            if other.pk not in chosen
            and (other.pk in links or ticket.pk in (other.follow_up_of_id, other.related_to_id))
        ],
        explicit=build_linked(rows, ticket, {other.pk: other for other in found}),
    )


def _files(ticket: Ticket, tab: Tab) -> list[Attachment]:
    """Of its messages and notes, newest first. Only their own tab says when they came."""
    files = ticket.attachments.select_related("activity") if tab == Tab.FILES else ticket.attachments.all()
    shown = [file for file in files if not _stands_in_text(file)]
    return sorted(shown, key=lambda file: file.pk, reverse=True)


def _stands_in_text(file: Attachment) -> bool:
    return file.is_inline and bool(file.content_id)

"""A row of a list as values: what it shows, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from emailhub.accounts.models import Advisor
from emailhub.desk.models import Ticket

from .listing import Listing
from .moments import coming, full_moment, how_long, moment
from .returns import ticket_url

_SHOWN_TAGS = 1


@dataclass(frozen=True)
class Row:
    """Equal rows look the same, so that one that was drawn before need not be drawn again."""

    id: int
    url: str
    name: str
    is_unread: bool
    is_current: bool
    at: str
    when: str
    full_when: str
    subject: str
    last: str
    has_attachments: bool
    status: str
    tags: tuple[tuple[str, str], ...]  # the first of them: name and tone
    more_tags: int  # how many others there are
    until: str  # when it comes back, if it is snoozed
    waits: str  # how long the customer waits for an answer, if they do
    is_mine: bool
    can_be_chosen: bool  # for what is done to many at once
    assignee: str


def build_row(ticket: Ticket, listing: Listing, advisor: Advisor, *, now: datetime, is_current: bool) -> Row:
    """The row of a ticket in this list. It needs `unread`, `tag_rows`, its contact and its assignee."""
    since = ticket.needs_reply_since
    tags: list[dict[str, str]] = ticket.tag_rows  # type: ignore[attr-defined]
    return Row(
        id=ticket.pk,
        url=ticket_url(ticket, listing),
        name=ticket.contact.name,
        is_unread=ticket.unread and not is_current,  # type: ignore[attr-defined]
        is_current=is_current,
        at=ticket.last_activity_at.isoformat(),
        when=moment(ticket.last_activity_at, now=now),
        full_when=full_moment(ticket.last_activity_at),
        subject=ticket.subject,
        last=_last_line(ticket, advisor),
        has_attachments=ticket.has_attachments,
        status=ticket.status,
        tags=tuple((tag["name"], tag["tone"]) for tag in tags[:_SHOWN_TAGS]),
        more_tags=max(len(tags) - _SHOWN_TAGS, 0),
        until=coming(ticket.snoozed_until, now=now) if ticket.snoozed_until else "",
        waits=how_long(since, now=now) if since else "",
        can_be_chosen=ticket.team_id in advisor.writable_team_ids(),
        is_mine=ticket.assignee_id == advisor.pk,
        assignee=str(ticket.assignee or ""),
    )


def _last_line(ticket: Ticket, advisor: Advisor) -> str:
    """The last message in a line, with who wrote it where it was not the customer."""
    author = ticket.last_author
    if not author or author == ticket.contact.name:
        return ticket.last_line
    who = _("You") if author == str(advisor) else author.split()[0]
    return f"{who}: {ticket.last_line}"

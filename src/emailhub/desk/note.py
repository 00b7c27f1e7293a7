"""Write an internal note. It never leaves the team."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from emailhub import mail
from emailhub.accounts.models import Advisor

from .errors import EmptyMessageError
from .following import follow
from .mentions import mentioned_in
from .models import Activity, SentForm, Ticket
from .news import News
from .permissions import require_work
from .sent_forms import made_by
from .turns import lock_ticket
from .uploads import attach


def note(
    ticket: Ticket,
    *,
    by: Advisor,
    html: str,
    attachment_ids: Collection[UUID] = (),
    key: UUID,
    now: datetime,
) -> Activity:
    """Add a note to the ticket. The same key again returns the note that it made.

    Raises NotAllowedError, EmptyMessageError, MergedTicketError.
    """
    ticket = lock_ticket(ticket)
    require_work(by, ticket)
    if done := made_by(key):
        return done
    clean = mail.sanitise_outgoing(html)
    text = mail.plain_text(clean)
    if not text.strip() and not attachment_ids:
        raise EmptyMessageError
    activity = ticket.record(Activity.Kind.NOTE, by=by, at=now, text=text, html=clean)
    attach(activity, attachment_ids, by=by)
    _tell(ticket, activity, by=by)
    ticket.show_last(activity, author=str(by), line=mail.preview(text))
    SentForm.objects.create(company_id=ticket.company_id, key=key, activity=activity)
    return activity


def _tell(ticket: Ticket, activity: Activity, *, by: Advisor) -> None:
    """Who is mentioned hears of it and follows the ticket from now on."""
    mentioned = mentioned_in(activity.text, ticket, by=by)
    if mentioned:
        follow(ticket, mentioned, now=activity.at)
    named: dict[int | None, News] = {ticket.assignee_id: News.REPLY, **dict.fromkeys(mentioned, News.MENTION)}
    ticket.notifications.tell(activity, named)

"""Take a mail back within the seconds before it leaves: the ticket is as before, the draft is back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from emailhub.accounts.models import Advisor
from emailhub.delivery import outbox

from .drafts import save_draft
from .errors import TooLateError
from .live import announce
from .models import Activity, Attachment, Contact, Draft, Message, Ticket
from .permissions import require_work


def take_back(activity: Activity, *, by: Advisor, now: datetime) -> Draft:
    """Undo a sending. Raises TooLateError, NotAllowedError."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=activity.ticket_id)
    require_work(by, ticket)
    message = Message.objects.select_related("outgoing").get(activity=activity)
    if message.outgoing is None or not outbox.take_back(message.outgoing):
        raise TooLateError
    before, form = activity.detail["before"], activity.detail["form"]
    _return_uploads(activity, form["attachments"])
    _restore(ticket, activity, before)
    announce(ticket.company_id, ticket.team_id, ticket.id, "activity", activity.id)
    return save_draft(ticket, by, Draft.Channel.EMAIL, form, now=now)


def _return_uploads(activity: Activity, ids: list[str]) -> None:
    Attachment.objects.filter(activity=activity, public_id__in=[UUID(id) for id in ids]).update(
        activity=None, ticket=None
    )


def _restore(ticket: Ticket, activity: Activity, before: dict[str, object]) -> None:
    """Remove what the sending wrote, and its effects, but nothing that came after it from elsewhere."""
    came_since = ticket.activities.filter(id__gt=activity.id, kind__in=Activity.MESSAGES).exists()
    fields = ["status", "assignee_id", "closed_at", "needs_reply_since"]
    if not came_since:
        fields += ["last_activity_at", "last_activity_id", "last_author", "last_line"]
    Ticket.objects.filter(pk=ticket.pk).update(**{field: before[field] for field in fields})
    ticket.participants.filter(id__gt=before["last_participant"], address__in=_addressed(activity)).delete()
    if not before["confirmed"]:
        Contact.objects.filter(pk=ticket.contact_id).update(confirmed_at=None)
    own = ticket.activities.filter(id__gt=before["newest"], at=activity.at, advisor=activity.advisor)
    own.delete()


def _addressed(activity: Activity) -> list[str]:
    message = activity.message
    return [address for _, address in (*message.to, *message.cc, *message.bcc)]

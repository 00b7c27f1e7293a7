"""Take a mail back within the seconds before it leaves: the ticket is as before, the draft is back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from emailhub.accounts.models import Advisor
from emailhub.delivery import outbox

from .carrying import show_what_is_last
from .drafts import joined, load_drafts, save_draft
from .errors import NotSenderError, TooLateError
from .live import announce
from .models import Activity, Attachment, Contact, Draft, Message, Participant, Ticket
from .permissions import require_work

_Kind = Activity.Kind
_SHOWN_LAST = {*Activity.MESSAGES, _Kind.NOT_DELIVERED}
_ABOUT_ASSIGNEE = {_Kind.ASSIGNED, _Kind.MOVED}
_ABOUT_STATUS = {
    *(_Kind.WAITING, _Kind.OPENED, _Kind.CLOSED, _Kind.REOPENED),
    *(_Kind.SNOOZED, _Kind.WOKEN, _Kind.NOT_DELIVERED),
}


def take_back(activity: Activity, *, by: Advisor, now: datetime) -> Draft:
    """Undo a sending. What its sender has begun to write since stays in the draft, below the text.

    Raises TooLateError, NotAllowedError, NotSenderError.
    """
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=activity.ticket_id)
    require_work(by, ticket)
    if activity.advisor_id != by.id:
        raise NotSenderError
    message = Message.objects.select_related("outgoing").get(activity=activity)
    is_kept = "before" in activity.detail  # what leaves at once has no way back
    if not is_kept or message.outgoing is None or not outbox.take_back(message.outgoing):
        raise TooLateError
    before, form = activity.detail["before"], activity.detail["form"]
    _return_uploads(activity, form["attachments"])
    _restore(ticket, activity, before)
    newer = load_drafts(ticket, by).get(Draft.Channel.EMAIL)
    if newer is not None:
        form = joined(form, newer.fields)
    return save_draft(ticket, by, Draft.Channel.EMAIL, form, now=now)


def _return_uploads(activity: Activity, ids: list[str]) -> None:
    Attachment.objects.filter(activity=activity, public_id__in=[UUID(id) for id in ids]).update(
        activity=None, ticket=None, linked_until=None, link_ended_at=None, downloads=0
    )


def _restore(ticket: Ticket, activity: Activity, before: dict[str, Any]) -> None:
    """Remove what the sending wrote, and its effects, but nothing that came after it from elsewhere."""
    later = ticket.activities.filter(id__gt=before["newest"])
    own = later.filter(
        Q(advisor=activity.advisor) | Q(advisor=None, kind=Activity.Kind.ASSIGNED), at=activity.at
    )
    since = set(later.exclude(pk__in=own).values_list("kind", flat=True))
    is_here = before.get("ticket", ticket.pk) == ticket.pk  # else it was taken to this ticket since
    fields = {field: before[field] for field in _to_restore(since, before)} if is_here else {}
    if fields:
        Ticket.objects.filter(pk=ticket.pk).update(**fields)
    parts = (Participant.Part.TO, Participant.Part.CC, Participant.Part.BCC)
    joined = ticket.participants.filter(id__gt=before["last_participant"], part__in=parts)
    joined.filter(address__in=_addressed_alone(activity)).delete()
    if not before["confirmed"]:
        Contact.objects.filter(pk=ticket.contact_id).update(confirmed_at=None)
    gone = list(own.values_list("id", flat=True))
    own.delete()
    for activity_id in gone:
        announce(ticket.company_id, ticket.team_id, ticket.id, "activity", activity_id)
    has_files = ticket.attachments.filter(is_inline=False).exists()
    Ticket.objects.filter(pk=ticket.pk).update(has_attachments=has_files)
    if _Kind.REGROUPED in since or not is_here:
        ticket.refresh_from_db()
        show_what_is_last(ticket, now=activity.at)


def _to_restore(since: set[str], before: dict[str, Any]) -> list[str]:
    """What nothing has touched since. Who waited before, and wrote again, has still waited since then."""
    fields = []
    if not since & (_SHOWN_LAST | {_Kind.REGROUPED}):
        fields += ["last_activity_at", "last_activity_id", "last_author", "last_line"]
    if not since & _ABOUT_ASSIGNEE:
        fields += ["assignee_id"]
    if not since & _ABOUT_STATUS:
        if Activity.Kind.RECEIVED not in since:
            fields += ["status", "closed_at", "needs_reply_since", "snoozed_until", "snooze_reason"]
        elif before["needs_reply_since"]:
            fields += ["needs_reply_since"]
    return fields


def _addressed_alone(activity: Activity) -> set[str]:
    """Whom this mail was written to, and no other one on the ticket."""
    others = Message.objects.filter(ticket=activity.ticket_id).exclude(activity=activity)
    elsewhere = {
        address
        for parts in others.values_list("to", "cc", "bcc")
        for people in parts
        for _, address in people
    }
    message = activity.message
    return {address for _, address in (*message.to, *message.cc, *message.bcc)} - elsewhere

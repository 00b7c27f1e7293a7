"""Accept or decline an invitation: a mail to who invited, which their calendar understands (RFC 6047)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub import mail, store
from emailhub.accounts.models import Advisor
from emailhub.hub.addresses import without_tag
from emailhub.hub.models import HubAddress
from emailhub.mail import InvitationAnswer, Mailbox

from . import recipients
from .errors import NoInvitationError
from .models import Activity, Attachment, Message, Ticket
from .permissions import require_work
from .storing import enqueue, join, store_sent, thread_of
from .turns import lock_ticket

CALENDARS = ("text/calendar", "application/ics")
LARGEST = 256 * 1024  # octets of a calendar that is read
SUBJECTS: Mapping[InvitationAnswer, str | Promise] = {
    InvitationAnswer.ACCEPTED: _("Accepted: %(what)s"),
    InvitationAnswer.TENTATIVE: _("Perhaps: %(what)s"),
    InvitationAnswer.DECLINED: _("Declined: %(what)s"),
}


def answer_invitation(
    activity: Activity, answer: InvitationAnswer, *, by: Advisor, now: datetime
) -> Activity:
    """Send the answer of the team that was invited. It leaves at once; another answer replaces it.

    Raises NotAllowedError, NoInvitationError, HubOffError, MergedTicketError.
    """
    with transaction.atomic():
        ticket = lock_ticket(activity.ticket)
        require_work(by, ticket)
        message = Message.objects.filter(activity=activity, outgoing__isnull=True).first()
        found = _invitation_of(activity)
        if message is None or found is None:
            raise NoInvitationError
        invitation, content = found
        guest = guest_among(invitation, _addresses_of(message))
        calendar = mail.reply_to_invitation(content, guest, answer, now=now) if guest else ""
        if not calendar or not mail.is_sendable(invitation.organizer):
            raise NoInvitationError
        draft = _draft(ticket, message, invitation, answer, calendar, by=by, now=now)
        sent = _send(ticket, draft, by=by, now=now)
        activity.detail = {**activity.detail, "answer": answer.value, "answered_by": str(by)}
        activity.save(update_fields=["detail"])
        return sent


def guest_among(invitation: mail.Invitation, own: set[str]) -> str:
    """The address of ours that is invited, or "" if it asks somebody else, or nobody."""
    if invitation.method != "REQUEST" or invitation.organizer in own:
        return ""
    invited = (guest.address for guest in invitation.guests)
    return next((address for address in invited if without_tag(address) in own), "")


def _addresses_of(message: Message) -> set[str]:
    return set(HubAddress.objects.filter(team_id=message.team_id).values_list("address", flat=True))


def _invitation_of(activity: Activity) -> tuple[mail.Invitation, bytes] | None:
    """What the first calendar of a mail invites to, and the calendar itself."""
    files = Attachment.objects.filter(activity=activity, content_type__in=CALENDARS, size__lte=LARGEST)
    for file in files.order_by("id"):
        content = store.get(file.company_id, file.content_key)
        if found := mail.invitation(mail.Attachment(file.filename, file.content_type, content)):
            return found, content
    return None


def _draft(
    ticket: Ticket,
    message: Message,
    invitation: mail.Invitation,
    answer: InvitationAnswer,
    calendar: str,
    *,
    by: Advisor,
    now: datetime,
) -> mail.Draft:
    sender = recipients.sender_of(ticket, by=by)
    subject = str(SUBJECTS[answer]) % {"what": invitation.summary}
    return mail.Draft(
        message_id=mail.new_message_id(recipients.domain_of_sender(sender)),
        sender=sender,
        to=(Mailbox("", invitation.organizer),),
        subject=subject[:998],
        date=now,
        in_reply_to=message.message_id,
        references=thread_of(message),
        text=subject,
        calendar_reply=calendar,
    )


def _send(ticket: Ticket, draft: mail.Draft, *, by: Advisor, now: datetime) -> Activity:
    outgoing = enqueue(ticket, draft, due_at=now, now=now)
    sent = ticket.record(Activity.Kind.SENT, by=by, at=now, text=draft.subject)
    store_sent(sent, draft, outgoing, text=draft.text)
    join(ticket, {"to": draft.to})
    ticket.show_last(sent, author=str(by), line=mail.preview(draft.subject))
    return sent

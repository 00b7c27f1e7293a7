"""What delivery reports say of the mails that we sent (RFC 3464)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from emailhub.mail import DeliveryReport, ReportedRecipient

from .attempt import final_state
from .models import OutgoingMessage, OutgoingRecipient

State = OutgoingRecipient.State
_LEFT_US = (State.SENT, State.UNCERTAIN, State.DELAYED)
_MEANING = {
    "failed": State.BOUNCED,
    "delayed": State.DELAYED,
    "delivered": State.SENT,
    "relayed": State.SENT,
    "expanded": State.SENT,
}
_MOST_UNKNOWN = 10  # a report that names more is a mailing list's, or is made up


@dataclass(frozen=True, slots=True)
class Recorded:
    """A mail of ours that a report was about. `unknown` are failed addresses that we did not write to.

    One of the recipients has their mail forwarded there, and the report does not say which one.
    """

    message: OutgoingMessage
    unknown: tuple[ReportedRecipient, ...] = ()


def record_report(
    *, company_id: int, return_paths: Iterable[str], report: DeliveryReport, now: datetime
) -> Recorded | None:
    """Store on our mail what the report says of its recipients. None if it is none of ours.

    The return-path that the report came to names the mail; else the Message-ID that it reports on does.
    Both hold 128 random bits, so a report without either is forged or about another's mail.
    Call it inside a transaction of the company.
    """
    message = _reported_on(company_id, list(return_paths), report.original_message_id)
    if message is None:
        return None
    unknown = [reported for reported in report.recipients if not _record(message, reported, now)]
    if message.state == OutgoingMessage.State.UNCERTAIN:  # a report is also proof of what we did not know
        message.state = final_state(message)
        message.save(update_fields=["state"])
    failed = [reported for reported in unknown if reported.action == "failed" and reported.final_recipient]
    return Recorded(message, tuple(failed[:_MOST_UNKNOWN]))


def _reported_on(company_id: int, return_paths: list[str], message_id: str) -> OutgoingMessage | None:
    ours = OutgoingMessage.objects.select_for_update().filter(company_id=company_id).exclude(attempts=0)
    by_path = ours.filter(mail_from__in=[path for path in return_paths if path]).first()
    if by_path or not message_id:
        return by_path
    return ours.filter(message_id=message_id).first()


def _record(message: OutgoingMessage, reported: ReportedRecipient, now: datetime) -> bool:
    """Store what became of a recipient. False: it is none of this mail's."""
    state = _MEANING.get(reported.action)
    recipient = _recipient(message, reported)
    if recipient is None:
        return False
    if state is None or recipient.state not in _LEFT_US:
        return True
    recipient.state = state
    recipient.status = reported.status[:20]
    recipient.diagnostic = reported.diagnostic_code
    recipient.changed_at = now
    recipient.save(update_fields=["state", "status", "diagnostic", "changed_at"])
    return True


def _recipient(message: OutgoingMessage, reported: ReportedRecipient) -> OutgoingRecipient | None:
    """The one that is named; or the only one, whose mail was forwarded to an address unknown to us."""
    recipients = list(message.recipients.all())
    named = {reported.original_recipient, reported.final_recipient} - {""}
    if found := next((recipient for recipient in recipients if recipient.address in named), None):
        return found
    return recipients[0] if len(recipients) == 1 else None

"""What became of a mail that we sent, in words and with an icon."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emailhub.delivery.hold import RESTORED
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient

from .moments import clock, coming

State = OutgoingMessage.State
_SOON = 120  # seconds that are counted one by one
_FAILED = (OutgoingRecipient.State.FAILED, OutgoingRecipient.State.BOUNCED)


@dataclass(frozen=True)
class Result:
    """What became of one recipient. `tone` is ok, warn, danger or nothing."""

    address: str
    icon: str
    tone: str
    words: str


@dataclass(frozen=True)
class Sending:
    """The state of a sent mail. `advice` says what to do where somebody must do something."""

    icon: str
    tone: str
    words: str
    results: tuple[Result, ...]
    summary: str
    advice_title: str = ""
    advice: str = ""
    can_go_again: bool = False  # `delivery.again` would take it
    can_be_mended: bool = False  # somebody has not got it: `desk.resend` takes its text up again
    is_to_come: bool = False  # it has not left, and its sender can take it back

    @property
    def is_bad(self) -> bool:
        return self.tone == "danger"


def describe_sending(outgoing: OutgoingMessage, *, now: datetime) -> Sending:
    """Say where a sent mail is. Its recipients should be prefetched."""
    recipients = sorted(outgoing.recipients.all(), key=lambda recipient: recipient.pk)
    icon, tone, words = _state(outgoing, recipients, now)
    title, advice = _advice(outgoing, recipients)
    return Sending(
        icon,
        tone,
        words,
        tuple(map(_result, recipients)),
        _summary(recipients),
        title,
        advice,
        can_go_again=_can_go_again(outgoing, recipients),
        can_be_mended=bool(title),
        is_to_come=_is_to_come(outgoing, now),
    )


def _is_to_come(outgoing: OutgoingMessage, now: datetime) -> bool:
    """To be sent later. In the seconds for undoing the page offers that by itself."""
    waits = outgoing.state == State.QUEUED and not outgoing.attempts
    return waits and (outgoing.due_at - now).total_seconds() > _SOON


def _can_go_again(outgoing: OutgoingMessage, recipients: list[OutgoingRecipient]) -> bool:
    """At rest without having reached everybody, or waiting for a try that can be hurried up."""
    if outgoing.state in (State.FAILED, State.UNCERTAIN):
        return True
    if outgoing.state == State.SENT:
        return any(recipient.state == OutgoingRecipient.State.FAILED for recipient in recipients)
    return outgoing.state == State.QUEUED and outgoing.attempts > 0


def _state(
    outgoing: OutgoingMessage, recipients: list[OutgoingRecipient], now: datetime
) -> tuple[str, str, str]:
    match outgoing.state:
        case State.QUEUED:
            return _queued(outgoing, now)
        case State.SENDING:
            return "send", "", _("Sending")
        case State.UNCERTAIN:
            return "help", "warn", _("Perhaps sent")
        case State.CANCELLED:
            return "undo", "", _("Taken back")
        case State.FAILED:
            return "alert", "danger", _("Not delivered")
    refused = sum(recipient.state in _FAILED for recipient in recipients)
    if not refused:
        return "check", "", _("Sent")
    if refused == len(recipients):
        return "alert", "danger", _("Not delivered")
    return (
        "alert",
        "danger",
        ngettext("Not delivered to %(n)s", "Not delivered to %(n)s", refused) % {"n": refused},
    )


def _queued(outgoing: OutgoingMessage, now: datetime) -> tuple[str, str, str]:
    if outgoing.attempts:
        return "refresh", "warn", _("Next try %(time)s") % {"time": clock(outgoing.due_at)}
    seconds = int((outgoing.due_at - now).total_seconds())
    if seconds > _SOON:
        return "clock", "", _("Leaves %(when)s") % {"when": coming(outgoing.due_at, now=now)}
    if seconds > 0:
        return "clock", "", _("Leaves in %(count)s s") % {"count": seconds}
    return "clock", "", _("Queued")


def _advice(outgoing: OutgoingMessage, recipients: list[OutgoingRecipient]) -> tuple[str, str]:
    if outgoing.state == State.UNCERTAIN and outgoing.last_error.startswith(RESTORED):
        return _("This email may have been sent"), _(
            "It waited when the back-up was taken from which the data was restored. We don't send it by"
            " ourselves, so that nobody gets it twice. Ask whether it arrived; if not, send it again."
        )
    if outgoing.state == State.UNCERTAIN:
        return _("This email may have been sent"), _(
            "The connection broke at the very end. We don't repeat it by ourselves, so that nobody gets it"
            " twice. Ask whether it arrived; if not, send it again."
        )
    if outgoing.state == State.FAILED or any(recipient.state in _FAILED for recipient in recipients):
        return _("This email did not reach everybody"), _(
            "The text is kept here. Send it again to those who have not got it,"
            " or correct it: its text becomes a draft for them."
        )
    return "", ""


_TONES = {
    OutgoingRecipient.State.SENT: ("check", "ok"),
    OutgoingRecipient.State.FAILED: ("alert", "danger"),
    OutgoingRecipient.State.BOUNCED: ("alert", "danger"),
    OutgoingRecipient.State.UNCERTAIN: ("help", "warn"),
    OutgoingRecipient.State.DELAYED: ("refresh", "warn"),
    OutgoingRecipient.State.QUEUED: ("clock", ""),
}


def _result(recipient: OutgoingRecipient) -> Result:
    state = OutgoingRecipient.State(recipient.state)
    icon, tone = _TONES[state]
    answer = " ".join(filter(None, (recipient.status, recipient.diagnostic)))[:300]
    when = clock(recipient.changed_at) if recipient.changed_at else ""
    return Result(recipient.address, icon, tone, " · ".join(filter(None, (_state_word(state), answer, when))))


def _state_word(state: OutgoingRecipient.State) -> str:
    return {
        OutgoingRecipient.State.SENT: _("accepted by the server"),
        OutgoingRecipient.State.FAILED: _("refused"),
        OutgoingRecipient.State.BOUNCED: _("returned"),
        OutgoingRecipient.State.UNCERTAIN: _("uncertain"),
        OutgoingRecipient.State.DELAYED: _("delayed, still being tried"),
        OutgoingRecipient.State.QUEUED: _("not sent yet"),
    }[state]


def _summary(recipients: list[OutgoingRecipient]) -> str:
    states = Counter(recipient.state for recipient in recipients)
    return _("%(done)s of %(all)s accepted") % {
        "done": states[OutgoingRecipient.State.SENT],
        "all": len(recipients),
    }

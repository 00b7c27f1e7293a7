"""What became of a delivery, in words and with an icon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub.intake.models import ReceivedMessage
from emailhub.rules.codes import Code

State, Outcome = ReceivedMessage.State, ReceivedMessage.Outcome


@dataclass(frozen=True)
class FateWords:
    """A fate as lists say it, and as sums count it."""

    label: str | Promise
    sum: str | Promise
    icon: str
    tone: str = ""


FATES: Mapping[str, FateWords] = {
    Outcome.TICKET: FateWords(_("On a ticket"), _("on tickets"), "inbox", "ok"),
    Outcome.HELD: FateWords(_("Held"), _("held"), "held", "warn"),
    Outcome.IGNORED: FateWords(_("Ignored by a rule"), _("ignored"), "ignore"),
    Outcome.DUPLICATE: FateWords(_("Copy of another"), _("copies"), "copy"),
    Outcome.REPORT: FateWords(_("Delivery report"), _("delivery reports"), "server"),
    Outcome.SET_UP: FateWords(_("Set-up mail"), _("set-up mails"), "spark"),
    Outcome.LOOP: FateWords(_("Loop"), _("loops"), "refresh"),
    State.WAITING: FateWords(_("Waiting"), _("waiting"), "clock"),
    State.QUARANTINED: FateWords(_("In quarantine"), _("in quarantine"), "alert", "danger"),
}


@dataclass(frozen=True)
class ReasonWords:
    """Why a mail is held: in a list, and above the mail."""

    label: str | Promise
    title: str | Promise
    text: str | Promise
    icon: str
    tone: str = ""


_UNKNOWN = ReasonWords(
    _("Unknown sender"),
    _("Held because we do not know this person"),
    _("The team accepts email only from known contacts. Nobody has told the sender anything."),
    "nobody",
)
REASONS: Mapping[str, ReasonWords] = {
    Code.HELD_UNKNOWN_SENDER: _UNKNOWN,
    Code.HELD_NOT_VERIFIED: ReasonWords(
        _("Sender not verified"),
        _("Held because it may be forged"),
        _("It names somebody you know, but the check of the sender failed. Ask them by another way first."),
        "unshield",
        "danger",
    ),
    Code.HELD_HUB_OFF: ReasonWords(
        _("EmailHub off"),
        _("Held because EmailHub was off"),
        _("It came while the team's EmailHub was switched off."),
        "held",
    ),
    Code.HELD_UNREADABLE_SENDER: ReasonWords(
        _("Sender unreadable"),
        _("Held because nobody can say who wrote it"),
        _("Probably a mailbox forwards where it should redirect, and hides the sender."),
        "alert",
        "warn",
    ),
    Code.HELD_JUNK: ReasonWords(
        _("Junk"),
        _("Held because it looks like junk"),
        _("A filter took it for junk, or its sender is blocked."),
        "ignore",
    ),
    Code.HELD_POSSIBLE_LOOP: ReasonWords(
        _("Possible loop"),
        _("Held because it may be a loop"),
        _("So much automatic mail came from this sender that two machines may be answering each other."),
        "refresh",
        "warn",
    ),
}


def reason_words(code: str) -> ReasonWords:
    """The words of a reason. One that has none yet is told by its trace."""
    return REASONS.get(code) or ReasonWords(
        _("Held"), _("Held"), _("The steps below say why."), "held", "warn"
    )

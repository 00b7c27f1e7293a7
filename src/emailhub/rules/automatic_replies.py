"""Whether a mail gets an automatic reply, and why not (RFC 3834; docs/automatic-replies.md in words).

One wrong answer here is a loop, or spam to somebody whose name a stranger forged. So each reason against it
is asked before any limit, and whoever cannot be sure sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from emailhub.rules.codes import Code
from emailhub.rules.decision import Step


class ReplyKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"  # of a new ticket
    AFTER_HOURS = "after_hours"  # the team is closed


@dataclass(frozen=True, slots=True)
class Limits:
    """How many automatic replies there may be at most."""

    per_sender: timedelta = timedelta(minutes=60)  # one of a team to one address
    per_sender_day: int = 4  # ... in 24 hours
    strangers_per_hour: int = 30  # of a team to addresses to which no advisor has written


LIMITS = Limits()
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A mail that was put on a ticket just now, and what was sent before."""

    now: datetime
    new_ticket: bool  # it opened the ticket; otherwise it was put on one that was there
    from_customer: bool  # its sender is the ticket's customer
    acknowledges: bool  # the team has switched the acknowledgement on
    tells_when_closed: bool  # ... and the after-hours reply
    address: str  # of the recognised sender; the only one who may get a reply
    closed_since: datetime | None = None  # the team is closed since then; None: it is open
    fails: bool = False  # the sender is not who they say
    by_machine: bool = False  # automatic mail, an absence, or a robot's address
    answerable: bool = True  # by its own header fields: no list, nothing that asks for no reply
    null_return_path: bool = False
    own_address: bool = False  # a team of this installation
    colleague: bool = False  # an advisor of the company
    junk: bool = False
    released: bool = False  # a person let it out of the held mail
    restored: bool = False  # the installation that is gone may have sent a reply
    private: bool = False  # the sender knows the ticket from a BCC
    breaker: bool = False  # too much automatic mail came from the sender within 24 hours
    can_send: bool = True  # the team has an address to send from
    written_to: bool = False  # an advisor has written to the address before
    sent_to_sender: tuple[datetime, ...] = ()  # the team's automatic replies to the address
    sent_to_strangers: int = 0  # the team's within the hour to whom no advisor has written
    told_closed_at: datetime | None = None  # the last after-hours reply on this ticket


def choose(occasion: Occasion, limits: Limits = LIMITS) -> tuple[ReplyKind | None, Step | None]:
    """Return which automatic reply the mail gets, and the step of the trace that says so or why not.

    Neither, where the team has switched nothing on that could apply. Out of hours the reply that says so
    takes the acknowledgement's place.
    """
    kind = _wanted(occasion)
    if kind is None:
        reason = Code.NO_REPLY_TICKET_HAS_ONE if occasion.acknowledges else None
        return None, Step(reason) if reason else None
    reason = _suppressed(occasion) or _out_of_place(occasion, kind)
    if reason is not None:
        return None, Step(reason)
    limited = _limited(occasion, limits)
    if limited is not None:
        return None, limited
    code = Code.ACKNOWLEDGED if kind is ReplyKind.ACKNOWLEDGEMENT else Code.TOLD_CLOSED
    return kind, Step(code, (("address", occasion.address),))


def _wanted(occasion: Occasion) -> ReplyKind | None:
    if occasion.tells_when_closed and occasion.closed_since is not None:
        return ReplyKind.AFTER_HOURS
    return ReplyKind.ACKNOWLEDGEMENT if occasion.acknowledges and occasion.new_ticket else None


def _suppressed(occasion: Occasion) -> Code | None:
    """Return what speaks against any automatic reply to this mail."""
    reasons = (
        (not occasion.address, Code.NO_REPLY_UNREADABLE),
        (occasion.fails, Code.NO_REPLY_UNVERIFIED),
        (occasion.by_machine, Code.NO_REPLY_TO_MACHINE),
        (not occasion.answerable, Code.NO_REPLY_ASKED_FOR),
        (occasion.null_return_path, Code.NO_REPLY_PATH),
        (occasion.own_address, Code.NO_REPLY_TO_OURSELVES),
        (occasion.colleague, Code.NO_REPLY_TO_COLLEAGUE),
        (occasion.junk, Code.NO_REPLY_TO_JUNK),
        (occasion.released, Code.NO_REPLY_RELEASED),
        (occasion.restored, Code.NO_REPLY_RESTORED),
        (occasion.private, Code.NO_REPLY_PRIVATE),
        (not occasion.can_send, Code.NO_REPLY_NO_ADDRESS),
    )
    return next((code for holds, code in reasons if holds), None)


def _out_of_place(occasion: Occasion, kind: ReplyKind) -> Code | None:
    if not occasion.from_customer:
        return Code.NO_REPLY_TO_OTHERS
    if kind is not ReplyKind.AFTER_HOURS or occasion.closed_since is None:
        return None
    told = occasion.told_closed_at is not None and occasion.told_closed_at >= occasion.closed_since
    return Code.NO_REPLY_PERIOD_HAS_ONE if told else None


def _limited(occasion: Occasion, limits: Limits) -> Step | None:
    if occasion.breaker:
        return Step(Code.NO_REPLY_BREAKER, (("address", occasion.address),))
    if _sent_within(occasion, limits.per_sender):
        return Step(Code.NO_REPLY_SENDER_HOUR, (("address", occasion.address),))
    in_a_day = _sent_within(occasion, _DAY)
    if in_a_day >= limits.per_sender_day:
        return Step(Code.NO_REPLY_SENDER_DAY, (("address", occasion.address), ("count", in_a_day)))
    if not occasion.written_to and occasion.sent_to_strangers >= limits.strangers_per_hour:
        return Step(Code.NO_REPLY_TEAM_HOUR, (("count", occasion.sent_to_strangers),))
    return None


def _sent_within(occasion: Occasion, period: timedelta) -> int:
    return sum(at > occasion.now - period for at in occasion.sent_to_sender)

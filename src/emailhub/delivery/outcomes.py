"""What a channel is given to send, and what it says of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Fate(StrEnum):
    """What became of one recipient in one attempt."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good
    DEFERRED = "deferred"  # not now; nothing was delivered to it
    UNCERTAIN = "uncertain"  # the connection was lost after the final dot


@dataclass(frozen=True, slots=True)
class Result:
    """One recipient's fate, with the words of the server that decided it."""

    address: str
    fate: Fate
    status: str = ""  # enhanced status code (RFC 3463), or the reply code where there is none
    diagnostic: str = ""  # one line


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt. A recipient without a result was not reached: it counts as deferred."""

    results: tuple[Result, ...]
    error: str = ""  # why not all were accepted, in a line for people
    channel_is_away: bool = False  # it says nothing about this mail, which is tried again soon

    @classmethod
    def of_all(
        cls,
        addresses: Iterable[str],
        fate: Fate,
        *,
        status: str = "",
        error: str = "",
        channel_is_away: bool = False,
    ) -> Outcome:
        """The same for everybody."""
        results = tuple(Result(address, fate, status, error) for address in addresses)
        return cls(results, error, channel_is_away)


@dataclass(frozen=True, slots=True)
class FinishedMail:
    """Bytes as they go over the wire but for dot-stuffing, and the envelope of this attempt."""

    mail_from: str  # "" is the null reverse-path
    recipients: tuple[str, ...]
    content: bytes
    company_id: int | None = None  # whose it is, for a channel that asks the database
    connection_id: int | None = None  # by which account it leaves; None: the installation's own
    outgoing_id: int | None = None  # its row in the outbox


BeforeFinalDot = Callable[[tuple[str, ...]], None]


class Sender(Protocol):
    """A channel's way out. It belongs to one worker and is not shared between threads."""

    def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
        """Make one attempt. What is expected to fail is an Outcome, not an exception.

        `before_final_dot` is called with the recipients that are about to get the mail, at the last
        moment at which nothing is delivered if the connection breaks. If it raises, nothing may be.
        """

    def close(self) -> None:
        """Let go of what is kept open between two mails."""


Senders = Mapping[str, Sender | None]  # by a channel's name; None: not configured

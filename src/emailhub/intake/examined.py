"""A delivery as it was read, before the database is asked about it."""

from __future__ import annotations

from dataclasses import dataclass

from emailhub import mail
from emailhub.rules import Verdict

from .models import ReceivedMessage


@dataclass(frozen=True)
class HandForward:
    """Who forwarded a mail by hand, and what."""

    advisor_id: int
    block: mail.ForwardedBlock


@dataclass(frozen=True)
class Reading:
    """A delivery with all that could be worked out without the database."""

    row: ReceivedMessage
    company_id: int
    team_id: int  # 0: it came to one of our return-paths
    message: mail.Message
    message_key: str
    sender: mail.Sender | None
    own_addresses: frozenset[str]
    forwarded: HandForward | None = None  # by an advisor: then `sender` is the customer

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.row.verdict)

    @property
    def verified_forwarder(self) -> bool:
        return self.row.by_trusted_forwarder

    @property
    def strict_policy(self) -> bool:
        """Whether the domain of From asks for what fails to be refused or put aside."""
        return self.row.policy != "none"

    @property
    def address(self) -> str:
        return self.sender.mailbox.address if self.sender else ""

"""What an advisor has decided to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from emailhub.mail import Mailbox

from .models import Ticket


@dataclass(frozen=True)
class Answer:
    """What the composer sends. Its recipients are final: nobody is added afterwards."""

    to: tuple[Mailbox, ...]
    subject: str
    html: str
    key: UUID  # of this form; sent twice, it sends one mail
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    attachment_ids: tuple[UUID, ...] = ()
    answers: int | None = None  # the id of the message that it answers; None: the last visible one
    forwards: int | None = None  # the id of the message that is passed on, with its files
    signature: bool | None = None  # None: by the rule; True: the sender's; False: none
    then: Ticket.Status = Ticket.Status.OPEN  # what becomes of the ticket
    seen: int = 0  # the newest activity that the writer saw; 0: not checked
    quote: bool | None = None  # None: as the team has it
    at: datetime | None = None  # when it is to leave; None: as soon as it can no longer be undone
    based_on: str | None = None  # the state of the draft that it was; None: whatever draft there is

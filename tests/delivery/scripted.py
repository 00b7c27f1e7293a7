"""A sender that does to each recipient what a test has written down, and mails in the outbox to send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.delivery.outbox import enqueue
from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome, Result
from tests.cast import CARLA, JON, Cast
from tests.conftest import as_owner

CONTENT = b"Subject: Brakes\r\n\r\nWe have a look.\r\n"


@dataclass
class Scripted:
    """`fates` are used up one attempt after another, the last one for ever. An exception is raised."""

    fates: list[dict[str, Fate] | Exception] = field(default_factory=lambda: [{}])
    attempts: list[FinishedMail] = field(default_factory=list)
    before_dot: Callable[[], None] = lambda: None
    after_dot: Callable[[], None] = lambda: None
    closed: int = 0

    def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
        self.attempts.append(mail)
        script = self.fates.pop(0) if len(self.fates) > 1 else self.fates[0]
        self.before_dot()
        if isinstance(script, Exception):
            raise script
        fates = {address: script.get(address, Fate.ACCEPTED) for address in mail.recipients}
        before_final_dot(tuple(a for a, fate in fates.items() if fate in (Fate.ACCEPTED, Fate.UNCERTAIN)))
        self.after_dot()
        results = tuple(Result(a, fate, "2.0.0", f"said {fate}") for a, fate in fates.items())
        failed = [fate for fate in fates.values() if fate is not Fate.ACCEPTED]
        return Outcome(results, f"said {failed[0]}" if failed else "")

    def close(self) -> None:
        self.closed += 1

    def sent_to(self) -> list[str]:
        return [address for mail in self.attempts for address in mail.recipients]


@dataclass
class Settled:
    """What was told, in order."""

    told: list[tuple[int, str]] = field(default_factory=list)

    def __call__(self, outgoing: OutgoingMessage, *, now: datetime) -> None:
        self.told.append((outgoing.id, outgoing.state))

    @property
    def states(self) -> list[str]:
        return [state for _, state in self.told]


def post(cast: Cast, *recipients: str, channel: str = "smtp", due_in: float = 0) -> OutgoingMessage:
    now = timezone.now()
    with company(cast.dealer.id):
        return enqueue(
            company_id=cast.dealer.id,
            channel=channel,
            message_id=f"{now.timestamp()}@inbox.example",
            content=CONTENT,
            recipients=recipients or (CARLA, JON),
            due_at=now + timedelta(seconds=due_in),
            now=now,
        )


def again(message: OutgoingMessage) -> OutgoingMessage:
    """The row as it is now."""
    with company(message.company_id):
        return OutgoingMessage.objects.get(pk=message.pk)


def recipients(message: OutgoingMessage) -> dict[str, str]:
    with company(message.company_id):
        return dict(message.recipients.values_list("address", "state"))


def make_due(message: OutgoingMessage, **fields: object) -> None:
    """Let the time until the next attempt pass; and set other fields."""
    with company(message.company_id):
        OutgoingMessage.objects.filter(pk=message.pk).update(
            **{"due_at": timezone.now() - timedelta(seconds=1), **fields}
        )


# pg_locks tells of the whole server, where another process of the run has a database of its own.
THIS_DATABASE = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"


def locks() -> int:
    """How many rows of the outbox are locked by a session."""
    with as_owner() as connection:
        row = connection.execute(
            f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 20 AND {THIS_DATABASE}"
        ).fetchone()
    assert row
    return int(str(row[0]))

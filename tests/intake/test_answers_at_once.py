"""Several workers file a flood at once: the limits of automatic replies hold for all of them together."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Ticket
from emailhub.hub.automatic_replies import proposed_text, set_automatic_reply
from emailhub.hub.hours import Period, set_hours
from emailhub.intake.models import ReceivedMessage, SentReply
from emailhub.intake.process import process_due
from emailhub.rules import ReplyKind
from tests.cast import MALLORY, Cast
from tests.letters import letter
from tests.post import deliver, drain

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
WORKERS = 4
VICTIMS = [f"victim-{number}@farm.example" for number in range(45)]


def close(people: Cast) -> None:
    """The team opens for an hour in three days, and says so to whoever writes until then."""
    weekday = (timezone.now() + timedelta(days=3)).weekday()
    texts = {"en": proposed_text(ReplyKind.AFTER_HOURS, "en")}
    with company(people.dealer.id):
        set_hours(people.service, [Period(weekday, time(9), time(10))], by=people.ana, now=NOW)
        set_automatic_reply(
            people.service, ReplyKind.AFTER_HOURS, enabled=True, texts=texts, by=people.ana, now=NOW
        )


def flood() -> None:
    for sender in VICTIMS:
        deliver(letter(sender, subject="Once more"), mail_from=MALLORY)
    workers = [threading.Thread(target=_work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _work() -> None:
    try:
        while process_due():
            pass
    finally:
        connection.close()


def test_the_teams_cap_is_one_for_all_workers(committed_cast: Cast) -> None:
    """On tickets that are there: new ones go one after the other anyway, for their numbers."""
    for sender in VICTIMS:
        deliver(letter(sender), mail_from=MALLORY)
    drain()
    close(committed_cast)
    flood()
    with company(committed_cast.dealer.id):
        assert Ticket.objects.count() == len(VICTIMS)
        assert ReceivedMessage.objects.filter(outcome="ticket").count() == 2 * len(VICTIMS)
        assert SentReply.objects.count() == 30
        assert OutgoingMessage.objects.count() == 30

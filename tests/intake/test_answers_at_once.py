"""Several workers file a flood at once: the limits of automatic replies hold for all of them together."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from django.db import connection

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.hub.automatic_replies import proposed_text, set_automatic_reply
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.intake.models import ReceivedMessage, SentReply
from emailhub.intake.process import process_due
from emailhub.rules import Action, ReplyKind
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import MALLORY, Cast
from tests.letters import letter
from tests.post import deliver

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
WORKERS = 4


def flood(people: Cast, senders: list[str]) -> None:
    """Every mail makes a ticket of its own, and four workers file them."""
    with company(people.dealer.id):
        texts = {"en": proposed_text(ReplyKind.ACKNOWLEDGEMENT, "en")}
        set_automatic_reply(
            people.service, ReplyKind.ACKNOWLEDGEMENT, enabled=True, texts=texts, by=people.ana, now=NOW
        )
        condition = Condition(Field.SENDER_ADDRESS, Operator.CONTAINS, ("@",))
        create_rule(people.service, RuleForm("New", (condition,), Action.CREATE_NEW), by=people.ana, now=NOW)
    for sender in senders:
        deliver(letter(sender), mail_from=MALLORY)
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
    flood(committed_cast, [f"victim-{number}@farm.example" for number in range(40)])
    with company(committed_cast.dealer.id):
        assert set(ReceivedMessage.objects.values_list("outcome", flat=True)) == {"ticket"}
        assert SentReply.objects.count() == 30
        assert OutgoingMessage.objects.count() == 30


def test_one_victim_gets_one_reply_from_all_workers_together(committed_cast: Cast) -> None:
    flood(committed_cast, ["victim@farm.example"] * 20)
    with company(committed_cast.dealer.id):
        assert ReceivedMessage.objects.filter(outcome="ticket").count() == 20
        assert SentReply.objects.count() == 1

"""A ticket that an advisor changes at the very moment in which a mail is put on it."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from emailhub.intake.models import ReceivedMessage
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.locks import wait_until_somebody_waits
from tests.post import deliver, drain


def _drain_apart() -> None:
    try:
        drain()
    finally:
        connection.close()


def test_a_reply_to_a_ticket_that_is_being_closed_opens_it_again(committed_cast: Cast) -> None:
    deliver(letter(CARLA, message_id="first@customer.example"))
    drain()
    deliver(letter(CARLA, in_reply_to="first@customer.example"))
    worker = threading.Thread(target=_drain_apart)
    with company(committed_cast.dealer.id):
        ticket = Ticket.objects.select_for_update().get()
        ticket.close(by=committed_cast.ana, now=timezone.now())
        worker.start()
        wait_until_somebody_waits()
    worker.join()
    with company(committed_cast.dealer.id):
        ticket = Ticket.objects.get()
        assert ticket.status == Ticket.Status.OPEN
        assert ticket.needs_reply_since is not None
        kinds = list(ticket.activities.order_by("id").values_list("kind", flat=True))
        assert kinds == ["created", "received", "closed", "received", "reopened"]
        assert timezone.now() - ticket.needs_reply_since < timedelta(minutes=1)


def test_a_mail_in_a_workers_hands_keeps_no_other_from_an_idle_worker(committed_cast: Cast) -> None:
    deliver(letter(CARLA, message_id="first@customer.example"))
    drain()
    deliver(letter(CARLA, in_reply_to="first@customer.example"))
    [other] = deliver(letter(JON))
    busy, idle = (threading.Thread(target=_drain_apart) for _ in range(2))
    with company(committed_cast.dealer.id):
        Ticket.objects.select_for_update().get()
        busy.start()
        wait_until_somebody_waits()
        row = ReceivedMessage.objects.get(pk=other)
        assert row.attempts == 0  # if the worker died now, it would not be counted against this one
        idle.start()
        idle.join()
        row.refresh_from_db()
        assert (row.state, row.outcome) == (ReceivedMessage.State.DONE, "ticket")
    busy.join()

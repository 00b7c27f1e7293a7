"""What people and workers do to one mail, or its ticket, at the same moment."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.again import send_again
from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.desk.answer import Answer
from emailhub.desk.models import Ticket
from emailhub.desk.reply import reply
from emailhub.desk.settle import settle
from emailhub.mail import Mailbox
from tests.cast import CARLA, Cast
from tests.conftest import as_owner
from tests.letters import letter
from tests.locks import wait_until_somebody_waits
from tests.post import deliver, drain


@pytest.fixture
def outgoing(committed_cast: Cast) -> OutgoingMessage:
    """A mail on a ticket that waits for the customer."""
    deliver(letter(CARLA))
    drain()
    answer = Answer(
        to=(Mailbox("", CARLA),),
        subject="Re: The pump leaks",
        html="<p>Soon.</p>",
        key=uuid.uuid4(),
        then=Ticket.Status.WAITING,
    )
    with company(committed_cast.dealer.id):
        activity = reply(Ticket.objects.get(), answer, by=committed_cast.ana, now=timezone.now())
        message = activity.message.outgoing
    assert message is not None
    return message


def test_sending_again_does_not_wait_for_the_worker_that_has_the_mail(
    committed_cast: Cast, outgoing: OutgoingMessage
) -> None:
    with as_owner() as worker, worker.transaction():
        worker.execute("SELECT 1 FROM delivery_outgoingmessage WHERE id = %s FOR UPDATE", [outgoing.pk])
        with company(committed_cast.dealer.id), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            assert not send_again(outgoing, now=timezone.now())


def test_a_failure_does_not_open_a_ticket_that_is_being_closed(
    committed_cast: Cast, outgoing: OutgoingMessage
) -> None:
    with company(committed_cast.dealer.id):
        OutgoingRecipient.objects.update(state=OutgoingRecipient.State.FAILED)
    worker = threading.Thread(target=_settle_apart, args=[outgoing])
    with company(committed_cast.dealer.id):
        ticket = Ticket.objects.select_for_update().get()
        ticket.close(by=committed_cast.ana, now=timezone.now())
        worker.start()
        wait_until_somebody_waits()
    worker.join()
    with company(committed_cast.dealer.id):
        ticket = Ticket.objects.get()
        assert (ticket.status, ticket.needs_reply_since) == (Ticket.Status.CLOSED, None)
        assert ticket.activities.filter(kind="not_delivered").count() == 1


def _settle_apart(outgoing: OutgoingMessage) -> None:
    try:
        with company(outgoing.company_id):
            settle(outgoing, now=timezone.now())
    finally:
        connection.close()

"""What comes to the reverse-path of a mail of ours and is no delivery report (RFC 3834 4)."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.answer import Answer
from emailhub.desk.models import Ticket
from emailhub.desk.reply import reply
from emailhub.mail import Mailbox
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.post import filed


@pytest.fixture
def ticket(inside: Cast) -> Ticket:
    """A ticket that Ana has answered, and that waits for its customer."""
    ticket = filed(inside.dealer.id, letter(CARLA)).ticket
    answer = Answer(
        to=(Mailbox("", CARLA), Mailbox("", JON)),
        subject="Re: The pump leaks",
        html="<p>Soon.</p>",
        key=uuid.uuid4(),
        then=Ticket.Status.WAITING,
    )
    reply(ticket, answer, by=inside.ana, now=timezone.now())
    return ticket


def away(sender: str, **more: str) -> bytes:
    headers = {"Auto-Submitted": "auto-replied"}
    return letter(sender, subject="Away", text="I am on vacation until June.", headers=headers, **more)


def return_path() -> str:
    return OutgoingMessage.objects.get().mail_from


@pytest.mark.parametrize("sender", [CARLA, JON])
def test_an_answer_in_absence_is_shown_on_its_ticket_and_wakes_nobody(
    inside: Cast, ticket: Ticket, sender: str
) -> None:
    message = filed(inside.dealer.id, away(sender), return_path())
    assert message.ticket_id == ticket.id
    assert message.automatic == "out-of-office"
    ticket.refresh_from_db()
    assert (ticket.status, ticket.needs_reply_since) == (Ticket.Status.WAITING, None)


def test_a_person_who_writes_there_is_heard(inside: Cast, ticket: Ticket) -> None:
    message = filed(inside.dealer.id, letter(JON, subject="Hello"), return_path())
    assert message.ticket_id == ticket.id
    ticket.refresh_from_db()
    assert ticket.needs_reply_since == message.activity.at

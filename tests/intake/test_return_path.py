"""What comes to the reverse-path of a mail of ours and is no delivery report (RFC 3834 4)."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from emailhub.delivery.models import OutgoingMessage, OutgoingRecipient
from emailhub.desk.answer import Answer
from emailhub.desk.models import Activity, Ticket
from emailhub.desk.reply import reply
from emailhub.mail import Mailbox
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.post import filed, receive


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


def report_on(address: str) -> bytes:
    return (
        "From: mailer-daemon@home.example\r\nContent-Type: multipart/report;"
        ' report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; home.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n\r\n--b--\r\n"
    ).encode()


def test_a_failure_where_somebodys_mail_was_forwarded_is_shown_once(inside: Cast, ticket: Ticket) -> None:
    OutgoingMessage.objects.update(state="sent", attempts=1)
    OutgoingRecipient.objects.update(state="sent")
    for _ in range(2):
        assert receive(inside.dealer.id, report_on("carla@home.example"), return_path()).outcome == "report"
    failure = ticket.activities.get(kind=Activity.Kind.NOT_DELIVERED)
    assert failure.detail["address"] == "carla@home.example"
    assert (failure.detail["status"], failure.detail["diagnostic"]) == ("5.2.2", "552 5.2.2 mailbox full")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.last_activity_id) == (Ticket.Status.OPEN, failure.id)
    assert set(OutgoingRecipient.objects.values_list("state", flat=True)) == {"sent"}

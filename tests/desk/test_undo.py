"""What a mail that is taken back leaves as it is: all that came from elsewhere meanwhile."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from emailhub.desk.answer import Answer
from emailhub.desk.models import Activity, Participant, Ticket
from emailhub.desk.reply import reply
from emailhub.desk.undo import take_back
from emailhub.mail import Mailbox
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.post import filed


@pytest.fixture
def ticket(inside: Cast) -> Ticket:
    """A ticket on which nobody waits for an answer."""
    ticket = filed(inside.dealer.id, letter(CARLA, message_id="first@customer.example")).ticket
    ticket.assign(inside.ana, by=inside.ana, now=timezone.now())
    ticket.wait(by=inside.ana, now=timezone.now())
    return ticket


def sent(ticket: Ticket, cast: Cast, *people: str, then: Ticket.Status = Ticket.Status.WAITING) -> Activity:
    to = tuple(Mailbox("", address) for address in people or (CARLA,))
    answer = Answer(to=to, subject="Re: The pump leaks", html="<p>Soon.</p>", key=uuid.uuid4(), then=then)
    return reply(ticket, answer, by=cast.ana, now=timezone.now())


def test_a_mail_that_came_meanwhile_still_waits_for_an_answer(inside: Cast, ticket: Ticket) -> None:
    activity = sent(ticket, inside)
    news = filed(inside.dealer.id, letter(CARLA, in_reply_to="first@customer.example"))
    take_back(activity, by=inside.ana, now=timezone.now())
    ticket.refresh_from_db()
    assert (ticket.status, ticket.needs_reply_since) == (Ticket.Status.OPEN, news.activity.at)
    assert ticket.last_activity_id == news.activity_id


def test_who_waited_before_and_wrote_again_has_still_waited_since_then(inside: Cast, ticket: Ticket) -> None:
    earlier = timezone.now() - timedelta(days=1)
    Ticket.objects.update(status=Ticket.Status.OPEN, needs_reply_since=earlier)
    activity = sent(ticket, inside)
    filed(inside.dealer.id, letter(CARLA, in_reply_to="first@customer.example"))
    take_back(activity, by=inside.ana, now=timezone.now())
    ticket.refresh_from_db()
    assert (ticket.status, ticket.needs_reply_since) == (Ticket.Status.OPEN, earlier)


def test_what_a_colleague_did_meanwhile_stays(inside: Cast, ticket: Ticket) -> None:
    activity = sent(ticket, inside, then=Ticket.Status.OPEN)
    ticket.refresh_from_db()
    ticket.assign(inside.ben, by=inside.ben, now=timezone.now())
    ticket.close(by=inside.ben, now=timezone.now())
    take_back(activity, by=inside.ana, now=timezone.now())
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == (Ticket.Status.CLOSED, inside.ben)


def test_somebody_who_wrote_meanwhile_goes_on_taking_part(inside: Cast, ticket: Ticket) -> None:
    activity = sent(ticket, inside, CARLA, JON)
    Participant.objects.filter(address=JON).delete()
    answered = activity.message.message_id
    assert filed(inside.dealer.id, letter(JON, in_reply_to=answered)).ticket_id == ticket.id
    take_back(activity, by=inside.ana, now=timezone.now())
    assert [row.part for row in Participant.objects.filter(address=JON)] == ["from"]


def test_an_assignee_who_had_left_is_put_back_with_the_closing(inside: Cast, ticket: Ticket) -> None:
    ticket.close(by=inside.ana, now=timezone.now())
    Ticket.objects.update(assignee=inside.pat)  # no member of the team
    before = list(ticket.activities.values_list("kind", flat=True))
    take_back(sent(ticket, inside), by=inside.ana, now=timezone.now())
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == (Ticket.Status.CLOSED, inside.pat)
    assert list(ticket.activities.values_list("kind", flat=True)) == before

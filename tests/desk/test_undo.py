"""What a mail that is taken back leaves as it is: all that came from elsewhere meanwhile."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.answer import Answer
from emailhub.desk.drafts import save_draft
from emailhub.desk.errors import NotSenderError
from emailhub.desk.models import Activity, Participant, Ticket
from emailhub.desk.regrouping import move
from emailhub.desk.reply import reply
from emailhub.desk.settle import settle
from emailhub.desk.undo import take_back
from emailhub.mail import Mailbox
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.post import filed

ANNA = "anna@outside.example"


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


def test_on_a_ticket_to_which_it_was_moved_it_leaves_alone_what_stands_there(
    inside: Cast, ticket: Ticket
) -> None:
    other = filed(inside.dealer.id, letter(ANNA, cc=JON, subject="Another matter")).ticket
    other.assign(inside.ben, by=inside.ben, now=timezone.now())
    activity = sent(ticket, inside, CARLA, JON)
    move(activity, other, onwards=False, by=inside.ana, now=timezone.now())
    waits = filed(inside.dealer.id, letter(ANNA, cc=JON, subject="Another matter")).activity
    activity = Activity.objects.select_related("message").get(pk=activity.pk)
    assert take_back(activity, by=inside.ana, now=timezone.now()).ticket == other
    other.refresh_from_db()
    assert (other.status, other.assignee, other.last_activity_id) == (
        Ticket.Status.OPEN,
        inside.ben,
        waits.pk,
    )
    assert not other.participants.filter(address=CARLA).exists()
    assert other.participants.filter(address=JON, part="cc").exists()


def test_nobody_but_its_sender_takes_a_mail_back(inside: Cast, ticket: Ticket) -> None:
    activity = sent(ticket, inside)
    with pytest.raises(NotSenderError):
        take_back(activity, by=inside.ben, now=timezone.now())
    assert Activity.objects.filter(pk=activity.pk).exists()


def test_what_was_begun_meanwhile_stays_in_the_draft_below_what_is_taken_back(
    inside: Cast, ticket: Ticket
) -> None:
    activity = sent(ticket, inside)
    newer = {"to": JON, "subject": "Another", "text": "And & then", "attachments": ["a"]}
    save_draft(ticket, inside.ana, "email", newer, now=timezone.now())
    fields = take_back(activity, by=inside.ana, now=timezone.now()).fields
    assert (fields["to"], fields["subject"]) == (CARLA, "Re: The pump leaks")
    assert fields["html"] == "<p>Soon.</p><p>And &amp; then</p>"
    assert fields["text"].split() == ["Soon.", "And", "&", "then"]
    assert fields["attachments"] == ["a"]


def test_open_pages_hear_of_every_line_that_goes(inside: Cast, ticket: Ticket) -> None:
    ticket.assign(None, by=inside.ana, now=timezone.now())
    activity = sent(ticket, inside)
    gone = {activity.id, ticket.activities.get(kind="assigned", at=activity.at).id}
    told: set[int] = set()

    def listen(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if "pg_notify" in sql and params[0] == "emailhub_live":
            told.add(json.loads(params[1])["id"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        take_back(activity, by=inside.ana, now=timezone.now())
    assert gone <= told


def test_what_undoing_needs_is_not_kept_once_the_mail_has_left(inside: Cast, ticket: Ticket) -> None:
    activity = sent(ticket, inside)
    outgoing = activity.message.outgoing
    assert outgoing
    settle(outgoing, now=timezone.now())  # another try: it is still here
    activity.refresh_from_db()
    assert activity.detail["form"]["html"] == "<p>Soon.</p>"
    outgoing.state = OutgoingMessage.State.SENT
    settle(outgoing, now=timezone.now())
    activity.refresh_from_db()
    assert activity.detail == {}

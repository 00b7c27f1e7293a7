"""A mail becomes an activity on the right ticket: the whole of intake on real rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Activity, Attachment, Message, Participant, Ticket
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import put_off, try_again
from tests.cast import CARLA, JON, MALLORY, Cast
from tests.letters import letter
from tests.post import deliver, filed, receive

SERVICE = "service.dealer@inbox.example"
PARTS = "parts.dealer@inbox.example"


@pytest.fixture
def dealer(inside: Cast) -> int:
    return inside.dealer.id


def test_a_strangers_mail_makes_an_unconfirmed_contact_and_an_unassigned_ticket(dealer: int) -> None:
    message = filed(dealer, letter(f"Mallory Mayer <{MALLORY}>", subject="Re: Quote for a pump"))
    ticket = message.ticket
    assert ticket.contact.name == "Mallory Mayer"
    assert ticket.contact.primary_email() == MALLORY
    assert ticket.contact.confirmed_at is None
    assert ticket.assignee is None
    assert ticket.subject == "Quote for a pump"
    assert ticket.status == Ticket.Status.OPEN
    assert ticket.needs_reply_since is not None
    assert ticket.last_line == "Good morning, the pump leaks again."


def test_a_known_contacts_mail_opens_a_ticket_of_that_contact(dealer: int, inside: Cast) -> None:
    message = filed(dealer, letter(CARLA))
    assert message.ticket.contact_id == inside.carla.id
    assert message.ticket.team_id == inside.service.id
    assert message.ticket.number == 1
    assert [a.kind for a in message.ticket.activities.order_by("id")] == ["created", "received"]


def test_a_fresh_mail_with_another_subject_joins_the_contacts_open_ticket(dealer: int) -> None:
    first = filed(dealer, letter(CARLA, subject="The pump leaks"))
    second = filed(dealer, letter(CARLA, subject="And the lamp is broken"))
    assert second.ticket_id == first.ticket_id
    assert Ticket.objects.count() == 1


def test_a_fresh_mail_to_another_team_makes_a_ticket_there(dealer: int, inside: Cast) -> None:
    first = filed(dealer, letter(CARLA))
    second = filed(dealer, letter(CARLA, to=PARTS), PARTS)
    assert second.ticket_id != first.ticket_id
    assert second.ticket.team_id == inside.parts.id


def test_one_mail_to_two_teams_makes_a_ticket_in_each(dealer: int) -> None:
    receive(dealer, letter(CARLA, to=f"{SERVICE}, {PARTS}"), (SERVICE, PARTS))
    assert set(Ticket.objects.values_list("team__name", flat=True)) == {"Service", "Parts"}
    assert ReceivedMessage.objects.filter(outcome="ticket").count() == 2


def test_one_mail_to_two_addresses_of_a_team_is_one_delivery(dealer: int) -> None:
    receive(dealer, letter(CARLA), (SERVICE, "service.dealer+parts@inbox.example"))
    row = ReceivedMessage.objects.get()
    assert row.rcpt_to == [SERVICE, "service.dealer+parts@inbox.example"]


def test_the_same_mail_twice_is_one_activity_and_the_second_delivery_says_so(dealer: int) -> None:
    raw = letter(CARLA)
    first = filed(dealer, raw)
    second = receive(dealer, raw)
    assert second.outcome == ReceivedMessage.Outcome.DUPLICATE
    assert second.filed_as_id == first.id
    assert Message.objects.count() == 1


def test_an_equal_message_id_with_another_sender_is_another_mail(dealer: int) -> None:
    first = filed(dealer, letter(CARLA, message_id="same@customer.example"))
    second = filed(dealer, letter(MALLORY, message_id="same@customer.example", text="Not a duplicate"))
    assert second.ticket_id != first.ticket_id
    assert "same_message_id" in second.flags


def test_a_copied_person_who_answers_with_references_alone_joins_the_ticket(dealer: int) -> None:
    first = filed(dealer, letter(CARLA, cc=JON, message_id="original@customer.example"))
    answer = filed(
        dealer, letter(JON, subject="Something else", references="x@y.example original@customer.example")
    )
    assert answer.ticket_id == first.ticket_id
    assert answer.sender_address == JON
    assert answer.ticket.contact_id == first.ticket.contact_id


def test_a_stranger_who_names_a_received_message_id_gets_a_ticket_of_their_own(dealer: int) -> None:
    first = filed(dealer, letter(CARLA, message_id="original@customer.example"))
    second = filed(dealer, letter(MALLORY, in_reply_to="original@customer.example"))
    assert second.ticket_id != first.ticket_id


def test_who_takes_anothers_message_id_does_not_get_its_answers(dealer: int) -> None:
    question = filed(dealer, letter(CARLA, message_id="question@customer.example"))
    taken = letter(MALLORY, subject="Other", cc=CARLA, message_id="question@customer.example")
    bait = filed(dealer, taken)
    assert bait.ticket_id != question.ticket_id
    more = letter(CARLA, subject="Re: The pump leaks", in_reply_to="question@customer.example")
    assert filed(dealer, more).ticket_id == question.ticket_id


def test_who_takes_anothers_message_id_first_does_not_get_its_answers(dealer: int) -> None:
    bait = filed(dealer, letter(MALLORY, cc=CARLA, message_id="question@customer.example"))
    question = filed(dealer, letter(CARLA, subject="Other", message_id="question@customer.example"))
    assert question.ticket_id != bait.ticket_id
    more = letter(CARLA, subject="Re: Other", in_reply_to="question@customer.example")
    assert filed(dealer, more).ticket_id == question.ticket_id


def test_a_reply_that_comes_before_its_original_is_joined_by_the_original(dealer: int) -> None:
    reply = filed(dealer, letter(JON, cc=CARLA, in_reply_to="late@customer.example"))
    original = filed(dealer, letter(CARLA, cc=JON, message_id="late@customer.example"))
    assert original.ticket_id == reply.ticket_id


def test_a_reply_reopens_a_ticket_that_was_closed_within_the_window(dealer: int, inside: Cast) -> None:
    first = filed(dealer, letter(CARLA, message_id="a@customer.example"))
    first.ticket.close(by=inside.ana, now=timezone.now() - timedelta(days=3))
    filed(dealer, letter(CARLA, in_reply_to="a@customer.example"))
    ticket = Ticket.objects.get()
    assert ticket.status == Ticket.Status.OPEN
    assert Activity.Kind.REOPENED in ticket.activities.values_list("kind", flat=True)


def test_a_reply_after_the_window_makes_a_follow_up_ticket(dealer: int, inside: Cast) -> None:
    first = filed(dealer, letter(CARLA, message_id="a@customer.example"))
    first.ticket.close(by=inside.ana, now=timezone.now() - timedelta(days=8))
    later = filed(dealer, letter(CARLA, in_reply_to="a@customer.example"))
    assert later.ticket.follow_up_of_id == first.ticket_id
    assert Ticket.objects.get(pk=first.ticket_id).status == Ticket.Status.CLOSED


def test_an_out_of_office_answer_is_kept_and_wakes_nobody(dealer: int, inside: Cast) -> None:
    first = filed(dealer, letter(CARLA, message_id="a@customer.example"))
    first.ticket.close(by=inside.ana, now=timezone.now())
    answer = filed(
        dealer,
        letter(
            CARLA,
            subject="Automatic reply: The pump leaks",
            in_reply_to="a@customer.example",
            headers={"Auto-Submitted": "auto-replied"},
        ),
    )
    ticket = Ticket.objects.get()
    assert answer.automatic
    assert ticket.status == Ticket.Status.CLOSED


def test_attachments_and_inline_images_are_kept(dealer: int) -> None:
    message = filed(
        dealer,
        letter(CARLA, files=(("photo.png", "image/png", b"\x89PNG"), ("a.pdf", "application/pdf", b"%PDF"))),
    )
    files = Attachment.objects.filter(activity=message.activity).order_by("id")
    assert [(f.filename, f.size) for f in files] == [("photo.png", 4), ("a.pdf", 4)]
    assert Ticket.objects.get().has_attachments


def test_a_mail_without_any_header_is_stored_and_shown(dealer: int) -> None:
    message = filed(dealer, b"\r\nThere is no header at all.\r\n")
    assert "no header" in message.text
    assert "unreadable_sender" in message.flags


def test_an_advisor_who_writes_from_outside_without_proof_is_an_ordinary_sender(dealer: int) -> None:
    message = filed(dealer, letter("ana@dealer.example"))
    assert message.ticket.contact.primary_email() == "ana@dealer.example"


def test_people_in_to_and_cc_take_part_but_our_own_addresses_do_not(dealer: int) -> None:
    message = filed(dealer, letter(CARLA, to=f"{SERVICE}, {JON}", cc=PARTS))
    people = set(Participant.objects.filter(ticket=message.ticket).values_list("address", "part"))
    assert people == {(CARLA, "from"), (JON, "to")}


def test_every_delivery_has_exactly_one_outcome_and_a_trace(dealer: int) -> None:
    row = receive(dealer, letter(CARLA))
    assert row.state == ReceivedMessage.State.DONE
    assert row.reason == row.trace[-1][0]
    assert row.sender_address == CARLA


def test_a_mail_that_fails_three_times_is_quarantined_and_can_be_tried_again(cast: Cast) -> None:
    [row_id] = deliver(letter(CARLA))
    for attempt in (1, 2, 3):
        with company(cast.dealer.id):
            ReceivedMessage.objects.filter(pk=row_id).update(attempts=attempt)
        put_off(row_id, cast.dealer.id, ValueError("cannot"), now=timezone.now())
    with company(cast.dealer.id):
        row = ReceivedMessage.objects.get(pk=row_id)
        assert (row.state, row.last_error) == ("quarantined", "ValueError: cannot")
        try_again(row, now=timezone.now())
        assert row.state == "waiting"

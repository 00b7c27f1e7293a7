"""Mails of the past become history: where they belong, when they were sent, and without any effect today."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Activity, Contact, Message, Ticket
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.past import Filed, Mailroom, take_in_past
from tests import post
from tests.cast import CARLA, JON, MALLORY, Cast
from tests.conftest import as_owner
from tests.letters import letter

OLD = "service@dealer.example"
MONDAY = datetime(2024, 3, 4, 9, tzinfo=UTC)
TUESDAY = datetime(2024, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def room(cast: Cast) -> Mailroom:
    return Mailroom(cast.service, Cast.service_address, frozenset({OLD}))


def past(from_: str, to: str = OLD, *, at: datetime = MONDAY, **fields: object) -> bytes:
    """A mail of the past. It has the date that it is given."""
    raw = letter(from_, to, **fields)  # type: ignore[arg-type]
    head, _, rest = raw.partition(b"\r\nDate: ")
    return (
        head
        + b"\r\nDate: "
        + at.strftime("%a, %d %b %Y %H:%M:%S +0000").encode()
        + rest[rest.index(b"\r\n") :]
    )


def take_in(raw: bytes, room: Mailroom) -> Ticket:
    filed = take_in_past(raw, room, now=timezone.now())
    assert filed.is_new
    with company(room.team.company_id):
        return Ticket.objects.select_related("contact").get(number=filed.ticket)


def test_it_is_a_closed_ticket_under_its_own_date(cast: Cast, room: Mailroom) -> None:
    ticket = take_in(past(f"Carla Ruiz <{CARLA}>", subject="Fwd: The pump leaks"), room)
    assert (ticket.status, ticket.closed_at, ticket.created_at) == (Ticket.Status.CLOSED, MONDAY, MONDAY)
    assert (ticket.team_id, ticket.contact_id, ticket.assignee_id) == (cast.service.id, cast.carla.id, None)
    assert (ticket.last_activity_at, ticket.last_author) == (MONDAY, "Carla Ruiz")
    assert ticket.needs_reply_since is None
    with company(cast.dealer.id):
        received = ticket.activities.get(kind=Activity.Kind.RECEIVED)
        assert received.at == MONDAY
        row = ReceivedMessage.objects.get()
        assert (row.state, row.outcome, row.channel) == ("done", "ticket", "import")
        assert (row.received_at, row.filed_as_id) == (MONDAY, received.message.pk)


def test_a_thread_becomes_one_ticket_also_with_what_the_team_wrote(cast: Cast, room: Mailroom) -> None:
    first = take_in(past(CARLA, message_id="1@customer.example"), room)
    answer = past(OLD, CARLA, at=TUESDAY, message_id="2@dealer.example", in_reply_to="1@customer.example")
    again = past(CARLA, at=TUESDAY, references="1@customer.example 2@dealer.example")
    tickets = [take_in(raw, room) for raw in (answer, again)]
    assert {ticket.pk for ticket in tickets} == {first.pk}
    assert tickets[-1].closed_at == tickets[-1].last_activity_at == TUESDAY
    with company(cast.dealer.id):
        kinds = list(first.activities.order_by("id").values_list("kind", flat=True))
    assert kinds == ["created", "received", "sent", "received"]


def test_what_the_team_wrote_is_shown_as_sent_and_is_never_sent(cast: Cast, room: Mailroom) -> None:
    ticket = take_in(past(f"Service <{OLD}>", f"Jon <{JON}>"), room)
    with company(cast.dealer.id):
        message = Message.objects.get(ticket=ticket)
        outgoing = OutgoingMessage.objects.get()
        assert message.outgoing == outgoing
        assert outgoing.state == OutgoingMessage.State.SENT
        assert list(outgoing.recipients.values_list("address", "state")) == [(JON, "sent")]
        assert not ReceivedMessage.objects.exists()
    assert ticket.contact.name == "Jon"
    assert ticket.contact.confirmed_at == MONDAY  # the team wrote to him, so it knows him
    with as_owner() as owner:
        assert owner.execute("SELECT * FROM due_outgoing(10)").fetchall() == []


def test_an_address_of_emailhub_is_the_teams_own_as_well(cast: Cast, room: Mailroom) -> None:
    take_in(past(Cast.service_address, JON), room)
    with company(cast.dealer.id):
        assert OutgoingMessage.objects.count() == 1


def test_taking_it_in_again_changes_nothing(cast: Cast, room: Mailroom) -> None:
    for raw in (past(CARLA), past(OLD, CARLA)):
        first = take_in_past(raw, room, now=timezone.now())
        assert take_in_past(raw, room, now=timezone.now()) == Filed(first.ticket, is_new=False)
    with company(cast.dealer.id):
        assert Message.objects.count() == 2
        assert ReceivedMessage.objects.count() == 1
        assert OutgoingMessage.objects.count() == 1


def test_a_mail_that_came_by_smtp_before_is_not_filed_again(cast: Cast, room: Mailroom) -> None:
    raw = past(CARLA)
    filed = post.filed(cast.dealer.id, raw)
    assert take_in_past(raw, room, now=timezone.now()) == Filed(filed.ticket.number, is_new=False)


def test_nobody_is_answered_and_the_contact_stays_unconfirmed(cast: Cast, room: Mailroom) -> None:
    ticket = take_in(past(MALLORY), room)
    assert ticket.contact.confirmed_at is None
    with company(cast.dealer.id):
        assert not OutgoingMessage.objects.exists()
        assert not ticket.activities.exclude(kind__in=("created", "received")).exists()


def test_a_mail_is_not_put_on_the_ticket_of_somebody_else(cast: Cast, room: Mailroom) -> None:
    """Many answer the same newsletter: each has a ticket of their own."""
    newsletter = take_in(past(OLD, OLD, message_id="news@dealer.example"), room)
    tickets = [take_in(past(who, in_reply_to="news@dealer.example"), room) for who in (CARLA, JON)]
    assert len({ticket.pk for ticket in (newsletter, *tickets)}) == 3


def test_an_open_ticket_of_today_takes_its_past_in_and_stays_as_it_is(cast: Cast, room: Mailroom) -> None:
    today = post.filed(cast.dealer.id, letter(CARLA, in_reply_to="1@customer.example")).ticket
    before = Ticket.objects.filter(pk=today.pk).values()
    with company(cast.dealer.id):
        seen = before.get()
    ticket = take_in(past(CARLA, message_id="1@customer.example"), room)
    with company(cast.dealer.id):
        assert ticket.pk == today.pk
        assert before.get() == seen


def test_tickets_can_be_left_open(cast: Cast) -> None:
    room = Mailroom(cast.service, Cast.service_address, frozenset({OLD}), stays_open=True)
    ticket = take_in(past(CARLA, message_id="1@customer.example"), room)
    assert (ticket.status, ticket.closed_at, ticket.needs_reply_since) == ("open", None, MONDAY)
    ticket = take_in(past(OLD, CARLA, at=TUESDAY, in_reply_to="1@customer.example"), room)
    assert (ticket.status, ticket.needs_reply_since) == ("open", None)


def test_files_and_search_words_are_there(cast: Cast, room: Mailroom) -> None:
    raw = past(CARLA, text="The crankshaft", files=(("plan.pdf", "application/pdf", b"%PDF"),))
    ticket = take_in(raw, room)
    assert ticket.has_attachments
    with company(cast.dealer.id):
        assert ticket.attachments.get().filename == "plan.pdf"
        found = Activity.objects.extra(where=["search @@ to_tsquery('simple', 'crankshaft')"])
        assert found.get().ticket_id == ticket.pk


@pytest.mark.parametrize(
    ("date", "filed_at"),
    [
        ("Fri, 01 Jan 1904 00:00:00 +0000", datetime(1971, 1, 1, tzinfo=UTC)),
        ("Wed, 01 Jan 2200 00:00:00 +0000", None),
    ],
)
def test_a_date_that_cannot_be_is_moved_to_where_it_could(
    cast: Cast, room: Mailroom, date: str, filed_at: datetime | None
) -> None:
    now = timezone.now()
    raw = b"From: carla@customer.example\r\nDate: " + date.encode() + b"\r\nSubject: x\r\n\r\nx\r\n"
    filed = take_in_past(raw, room, now=now)
    with company(cast.dealer.id):
        assert Ticket.objects.get(number=filed.ticket).created_at == (filed_at or now)


def test_what_cannot_be_read_well_is_history_too(cast: Cast, room: Mailroom) -> None:
    for raw in (b"\xff\xfe garbage", b"Subject: nobody wrote this\r\n\r\nx\r\n"):
        take_in(raw, room)
    with company(cast.dealer.id):
        assert Message.objects.count() == 2
        assert Contact.objects.filter(emails=None).count() == 2

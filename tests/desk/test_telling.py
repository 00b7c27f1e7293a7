"""Who is told of what, and that nobody is told of what is not theirs to see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from emailhub.accounts.models import Advisor, Membership
from emailhub.accounts.permissions import readers_of
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingRecipient
from emailhub.desk.models import Message, Notification, NotificationChoice, Ticket
from emailhub.desk.news import News, Rhythm, mail_due_at
from emailhub.desk.note import note
from emailhub.desk.notification_words import words_of
from emailhub.desk.notifications import forget_old, newest
from emailhub.desk.settle import settle
from emailhub.desk.snoozing import snooze, wake_due
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import filed
from tests.web import desk

Told = set[tuple[str, str]]


@pytest.fixture
def ticket(inside: Cast) -> Ticket:
    return desk.open_ticket(inside.service, inside.carla)


def told(ticket: Ticket | None = None) -> Told:
    rows = Notification.objects.select_related("advisor__user")
    return {(str(row.advisor), row.kind) for row in (rows.filter(ticket=ticket) if ticket else rows)}


def write(ticket: Ticket, by: Advisor, text: str, *, later: int = 1) -> None:
    note(ticket, by=by, html=text, key=uuid4(), now=timezone.now() + timedelta(seconds=later))


def test_who_may_read_a_team_is_the_same_seen_from_the_team(inside: Cast) -> None:
    people = (inside.ana, inside.ben, inside.pat, inside.vera, inside.olga)
    for reads_all in (True, False):
        inside.dealer.managers_read_all = reads_all
        inside.dealer.save()
        for team in (inside.service, inside.parts):
            again = [Advisor.objects.select_related("company").get(pk=advisor.pk) for advisor in people]
            expected = {advisor.pk for advisor in again if team.pk in advisor.readable_team_ids()}
            assert set(readers_of(team).values_list("pk", flat=True)) == expected


def test_an_assignment_tells_the_assignee_and_never_who_takes_it(inside: Cast, ticket: Ticket) -> None:
    ticket.assign(inside.ben, by=inside.ana, now=timezone.now())
    assert told() == {("Ben", News.ASSIGNED)}
    ticket.assign(inside.ana, by=inside.ana, now=timezone.now())
    assert told() == {("Ben", News.ASSIGNED)}


def test_a_note_tells_the_assignee_and_followers_but_not_its_writer(inside: Cast, ticket: Ticket) -> None:
    ticket.assign(inside.ben, by=inside.ben, now=timezone.now())
    for follower in (inside.ana, inside.vera):
        ticket.followers.create(company=inside.dealer, advisor=follower, since=timezone.now())
    write(ticket, inside.ana, "Look at page 3")
    assert told() == {("Ben", News.REPLY), ("Vera", News.FOLLOWED)}


def test_a_moved_ticket_tells_its_new_team_and_no_follower_who_may_not_read_it(
    inside: Cast, ticket: Ticket
) -> None:
    ticket.followers.create(company=inside.dealer, advisor=inside.ben, since=timezone.now())
    ticket.move(inside.parts, by=inside.ana, now=timezone.now())
    assert told() == {("Pat", News.TEAM)}


def test_what_one_may_not_read_any_more_is_told_no_more(inside: Cast, ticket: Ticket) -> None:
    ticket.assign(inside.ben, by=inside.ana, now=timezone.now())
    assert [words_of(row).where for row in newest(inside.ben)] == ["#1 The pump leaks"]
    Membership.objects.filter(advisor=inside.ben).delete()
    assert list(newest(Advisor.objects.get(pk=inside.ben.pk))) == []


def test_a_failed_delivery_tells_the_assignee_and_who_sent_the_mail(inside: Cast, ticket: Ticket) -> None:
    ticket.assign(inside.ben, by=inside.ben, now=timezone.now())
    results = {"carla@customer.example": OutgoingRecipient.State.FAILED.value}
    sent = Message.objects.get(activity=desk.send(ticket, inside.ana, results=results))
    assert sent.outgoing
    settle(sent.outgoing, now=timezone.now())
    assert told() == {("Ben", News.NOT_DELIVERED), ("Ana", News.NOT_DELIVERED)}
    assert words_of(newest(inside.ben)[0]).what == "Not delivered to carla@customer.example"


def test_a_customers_mail_tells_the_team_until_somebody_has_the_ticket(cast: Cast) -> None:
    ticket = filed(cast.dealer.id, letter(CARLA)).ticket
    with company(cast.dealer.id):
        assert told() == {("Ana", News.TEAM), ("Ben", News.TEAM)}
        ticket.assign(cast.ben, by=cast.ben, now=timezone.now())
        Notification.objects.all().delete()
    filed(cast.dealer.id, letter(CARLA, subject="It still leaks"))
    with company(cast.dealer.id):
        assert told(ticket) == {("Ben", News.REPLY)}
        assert words_of(newest(cast.ben)[0]).what == "Carla Ruiz wrote"


def test_one_hears_only_of_the_news_that_one_has_chosen(inside: Cast, ticket: Ticket) -> None:
    NotificationChoice.objects.create(
        company=inside.dealer, advisor=inside.ben, in_page=[], by_email=[News.ASSIGNED], by_push=[]
    )
    ticket.assign(inside.ben, by=inside.ana, now=timezone.now())
    write(ticket, inside.ana, "Look at page 3")
    row = Notification.objects.get(advisor=inside.ben)
    assert (row.kind, row.in_page, row.push_due) == (News.ASSIGNED, False, False)
    assert row.mail_due_at == row.at + timedelta(minutes=2)


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [
        (Rhythm.AT_ONCE, datetime(2026, 3, 28, 6, 32, tzinfo=UTC)),
        (Rhythm.HOURLY, datetime(2026, 3, 28, 7, 0, tzinfo=UTC)),
        (Rhythm.DAILY, datetime(2026, 3, 28, 7, 0, tzinfo=UTC)),  # 8:00 in Madrid, today still
    ],
)
def test_an_email_is_due_as_its_reader_wants_it(rhythm: Rhythm, due: datetime) -> None:
    assert mail_due_at(rhythm, "Europe/Madrid", now=datetime(2026, 3, 28, 6, 30, tzinfo=UTC)) == due


def test_the_daily_email_keeps_to_eight_oclock_over_the_change_to_summer_time() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert mail_due_at(Rhythm.DAILY, "Europe/Madrid", now=before) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


def test_a_ticket_that_was_put_off_tells_whose_it_is_and_who_let_it_sleep(committed_cast: Cast) -> None:
    cast, now = committed_cast, timezone.now()
    with company(cast.dealer.id):
        ticket = desk.open_ticket(cast.service, cast.carla, assignee=cast.ben)
        snooze(ticket, now + timedelta(microseconds=1), by=cast.ana, now=now)
    assert wake_due() == 1
    with company(cast.dealer.id):
        assert told() == {("Ben", News.SNOOZE), ("Ana", News.SNOOZE)}


def test_what_is_two_months_old_is_forgotten(inside: Cast, ticket: Ticket) -> None:
    ticket.assign(inside.ben, by=inside.ana, now=timezone.now() - timedelta(days=61))
    forget_old(inside.dealer.id, now=timezone.now())
    assert told() == set()

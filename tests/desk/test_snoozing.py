"""Tickets that sleep: until a time, or until the customer writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.counts import view_counts
from emailhub.desk.departure import open_tickets
from emailhub.desk.errors import NotAllowedError
from emailhub.desk.models import Activity, Ticket
from emailhub.desk.seen import mark_seen
from emailhub.desk.snoozing import ClosedError, SnoozeTimeError, snooze, wake_due
from emailhub.web.events import event_sentence
from emailhub.web.snooze_times import chosen_time, offers
from tests.cast import Cast
from tests.web import desk

NOW = timezone.now()
HOUR = timedelta(hours=1)


def asleep(cast: Cast, until: datetime = NOW + HOUR) -> Ticket:
    ticket = desk.open_ticket(cast.service, cast.carla, assignee=cast.ana)
    snooze(ticket, until, reason="The seal arrives", by=cast.ben, now=until - HOUR)
    return ticket


def last(ticket: Ticket) -> Activity:
    return ticket.activities.select_related("advisor__user").latest("id")


def test_a_snoozed_ticket_is_out_of_every_list_but_its_own_and_nobodys_loss(inside: Cast) -> None:
    ticket = asleep(inside)
    tickets = Ticket.objects.visible_to(inside.ana)
    assert not tickets.mine(inside.ana).exists()
    assert not tickets.open().exists()
    assert tickets.snoozed().get() == ticket
    counts = view_counts(inside.ana)
    assert (counts.mine, counts.open, counts.waiting, counts.snoozed) == (0, 0, 0, 1)
    assert open_tickets(inside.ana).get() == ticket


def test_it_wakes_at_its_time_unread_on_top_and_says_why_it_slept(cast: Cast) -> None:
    with company(cast.dealer.id):
        ticket, later = asleep(cast, NOW - HOUR), asleep(cast)
        mark_seen(ticket, cast.ana)
    assert wake_due() == 1
    assert wake_due() == 0
    with company(cast.dealer.id):
        woken = Ticket.objects.with_unread(cast.ana).get(pk=ticket.pk)
        assert (woken.status, woken.snoozed_until, woken.unread) == ("open", None, True)
        assert Ticket.objects.visible_to(cast.ana).newest_first()[0] == woken
        assert event_sentence(last(ticket)) == "Back from its snooze · <b>The seal arrives</b>"
        assert Ticket.objects.get(pk=later.pk).status == "snoozed"


def test_the_customers_mail_wakes_it_before_its_time(inside: Cast) -> None:
    ticket = asleep(inside)
    received = ticket.record(Activity.Kind.RECEIVED, by=None, at=NOW, text="Hello?")
    ticket.take_in(received, author="Carla", line="Hello?", needs_reply=True, has_files=False)
    assert Ticket.objects.get(pk=ticket.pk).status == "open"
    assert (last(ticket).kind, last(ticket).detail["why"]) == ("woken", "mail")


def test_a_robots_mail_lets_it_sleep(inside: Cast) -> None:
    ticket = asleep(inside)
    received = ticket.record(Activity.Kind.RECEIVED, by=None, at=NOW, text="Out of office")
    ticket.take_in(received, author="Carla", line="", needs_reply=False, has_files=False)
    assert Ticket.objects.get(pk=ticket.pk).status == "snoozed"


def test_closing_it_ends_its_sleep(inside: Cast) -> None:
    ticket = asleep(inside)
    ticket.close(by=inside.ana, now=NOW)
    assert wake_due() == 0
    assert Ticket.objects.get(pk=ticket.pk).snoozed_until is None


@pytest.mark.parametrize("until", [NOW, NOW - HOUR, NOW + timedelta(days=900)])
def test_a_time_that_is_over_or_years_away_is_refused(inside: Cast, until: datetime) -> None:
    ticket = desk.open_ticket(inside.service, inside.carla)
    with pytest.raises(SnoozeTimeError):
        snooze(ticket, until, by=inside.ana, now=NOW)


def test_only_who_works_on_it_and_only_what_is_not_closed(inside: Cast) -> None:
    ticket = desk.open_ticket(inside.service, inside.carla)
    with pytest.raises(NotAllowedError):
        snooze(ticket, NOW + HOUR, by=inside.vera, now=NOW)
    ticket.close(by=None, now=NOW)
    with pytest.raises(ClosedError):
        snooze(ticket, NOW + HOUR, by=inside.ana, now=NOW)


class TestOffers:
    """In the reader's own time zone, and never a time that is over."""

    def test_on_a_friday_afternoon(self) -> None:
        with timezone.override("Europe/Madrid"):
            found = offers(now=datetime(2026, 11, 27, 15, 20, tzinfo=UTC))
        assert [(offer.label, offer.value) for offer in found] == [
            ("Later today", "2026-11-27T19:00:00+01:00"),
            ("Tomorrow", "2026-11-28T09:00:00+01:00"),
            ("Next Monday", "2026-11-30T09:00:00+01:00"),
            ("In a week", "2026-12-04T09:00:00+01:00"),
            ("In a month", "2026-12-27T09:00:00+01:00"),
        ]

    def test_late_in_the_evening_today_is_over_and_on_sundays_monday_is_tomorrow(self) -> None:
        with timezone.override("Europe/Madrid"):
            found = offers(now=datetime(2026, 11, 29, 20, 20, tzinfo=UTC))
        assert [offer.label for offer in found] == ["Tomorrow", "In a week", "In a month"]

    def test_what_somebody_chose_is_in_their_own_time_zone(self) -> None:
        with timezone.override("Europe/Madrid"):
            assert chosen_time({"until_own": "2026-11-30T09:00"}) == datetime(2026, 11, 30, 8, tzinfo=UTC)

    @pytest.mark.parametrize("value", ["", "soon", "2026-13-01T00:00", "0001-01-01T00:00"])
    def test_what_is_no_time_is_none(self, value: str) -> None:
        with timezone.override("Pacific/Auckland"):
            assert chosen_time({"until": value, "until_own": value}) is None

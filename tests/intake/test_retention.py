"""Closed tickets that a company keeps no longer: what goes, what stays counted, and who decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.company_settings import set_retention
from emailhub.accounts.errors import RetentionError
from emailhub.accounts.models import AuditEntry, Company
from emailhub.accounts.permissions import NotPermittedError
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Activity, Attachment, Contact, Message, Ticket
from emailhub.intake.housekeeping import keep_house_of
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.retention import expired, forget_expired
from tests.cast import Cast
from tests.web import desk

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=400)


def closed(cast: Cast, *, days: int) -> Ticket:
    """With a received and a sent mail and a file."""
    at = NOW - timedelta(days=days)
    ticket = desk.open_ticket(cast.service, cast.carla, now=at)
    received = desk.receive(ticket, at=at)
    desk.attach(received, "a.pdf", b"a", "application/pdf")
    sent = desk.send(ticket, cast.ana)
    ticket.show_last(sent, author="Ana", line="We come.")
    Ticket.objects.filter(pk=ticket.pk).update(last_activity_at=at)
    ticket.refresh_from_db()
    ticket.close(by=cast.ana, now=at)
    return ticket


def firm(cast: Cast, months: int | None) -> Company:
    set_retention(months, by=cast.olga, now=NOW)
    return Company.objects.get(pk=cast.dealer.pk)


def test_what_is_old_enough_goes_with_all_that_was_written_and_stays_counted(inside: Cast) -> None:
    old, young = closed(inside, days=400), closed(inside, days=300)
    delivery = ReceivedMessage.objects.get(filed_as__ticket=old)
    assert forget_expired(firm(inside, 12), now=NOW) == 1
    assert list(Ticket.objects.all()) == [young]
    for rows in (Message.objects, Activity.objects, Attachment.objects):
        assert set(rows.values_list("ticket", flat=True)) == {young.pk}
    assert OutgoingMessage.objects.count() == 1
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.content_key, delivery.sender_address) == ("ticket", "", "")
    assert delivery.purged_at == NOW
    assert Contact.objects.filter(pk=inside.carla.pk).exists()
    entry = AuditEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.team) == ("removed", inside.service)
    assert entry.changes == {"retention_deleted": [1, 0]}


def test_nothing_goes_while_nobody_has_set_it(inside: Cast) -> None:
    closed(inside, days=4000)
    keep_house_of(inside.dealer.pk, now=NOW)
    assert Ticket.objects.count() == 1


def test_the_hourly_housekeeping_does_it(inside: Cast) -> None:
    closed(inside, days=400)
    firm(inside, 12)
    keep_house_of(inside.dealer.pk, now=NOW)
    assert not Ticket.objects.exists()


def test_open_tickets_and_mail_that_is_still_leaving_stay_however_old(inside: Cast) -> None:
    opened, leaving = closed(inside, days=400), closed(inside, days=400)
    opened.reopen(by=None, now=LONG_AGO)
    OutgoingMessage.objects.filter(desk_message__ticket=leaving).update(state="queued")
    assert not expired(inside.dealer.pk, 12, now=NOW).exists()


@pytest.mark.parametrize("months", [0, -1, 241])
def test_less_than_a_month_is_refused(inside: Cast, months: int) -> None:
    with pytest.raises(RetentionError):
        set_retention(months, by=inside.olga, now=NOW)


def test_administrators_alone_decide_it_and_the_audit_tells(inside: Cast) -> None:
    with pytest.raises(NotPermittedError):
        set_retention(12, by=inside.ana, now=NOW)
    set_retention(12, by=inside.olga, now=NOW)
    assert AuditEntry.objects.get().changes == {"retention_months": [None, 12]}


def test_the_page_counts_before_anything_is_set(cast: Cast) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.olga.user)
    assert client.get("/manage/retention/?months=24").context["count"] == 0
    assert "Now: everything is kept." in client.get("/manage/retention/?months=x").content.decode()
    client.post("/manage/retention/", {"months": "24"})
    assert "deleted after 24 months" in client.get("/manage/retention/").content.decode()
    client.post("/manage/retention/", {"months": ""})
    assert "Now: everything is kept." in client.get("/manage/retention/").content.decode()

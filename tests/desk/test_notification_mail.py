"""E-mail about news: once, only of what may be seen, and never the beginning of a loop."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.utils import timezone

from emailhub import mail, store
from emailhub.accounts.models import Membership
from emailhub.accounts.tenancy import company
from emailhub.channels.smtp import trace
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Activity, Message, Notification, Ticket
from emailhub.desk.news import News
from emailhub.desk.notification_choices import choose
from emailhub.desk.notification_mail import mail_due
from emailhub.desk.notifications import read
from emailhub.desk.storing import remember_ids
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_one
from emailhub.intake.verdict import Verifier
from tests.cast import CARLA, Cast
from tests.desk.test_telling import write
from tests.letters import letter
from tests.mail.authenticity.zone import Zone
from tests.post import deliver, filed, receive
from tests.web import desk


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Carla's, with her mail; Ben was given it and has been mentioned, both a while ago."""
    ticket = filed(cast.dealer.id, letter(CARLA)).ticket
    with company(cast.dealer.id):
        Notification.objects.all().delete()
        ticket.assign(cast.ben, by=cast.ana, now=timezone.now() - timedelta(minutes=9))
        write(ticket, cast.ana, "@Ben look at page 3", later=-480)
    return ticket


def mails(cast: Cast) -> list[bytes]:
    """What stands in the outbox for Ben."""
    with company(cast.dealer.id):
        rows = OutgoingMessage.objects.filter(recipients__address=cast.ben.user.email)
        return [store.get(row.company_id, row.content_key) for row in rows]


def test_all_that_is_new_comes_in_one_mail_that_no_machine_answers(cast: Cast, ticket: Ticket) -> None:
    assert mail_due() == 1
    assert mail_due() == 0
    (raw,) = mails(cast)
    read_back = mail.parse(raw)
    assert read_back.subject == "2 things are new"
    assert "Ana gave you a ticket · #1 The pump leaks" in read_back.text
    assert "Ana mentions you · #1 The pump leaks\n> @Ben look at page 3" in read_back.text
    assert b"Auto-Submitted: auto-generated" in raw and b"X-Auto-Response-Suppress: All" in raw
    with company(cast.dealer.id):
        assert OutgoingMessage.objects.get(recipients__address=cast.ben.user.email).mail_from == ""


def test_what_has_been_read_in_the_page_is_not_mailed(cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        read(Notification.objects.of(cast.ben), now=timezone.now())
    mail_due()
    assert mails(cast) == []


def test_nothing_is_mailed_about_a_ticket_that_its_reader_has_lost(cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        Membership.objects.filter(advisor=cast.ben).delete()
    assert mail_due() == 1
    assert mails(cast) == []


def test_email_that_is_wanted_no_more_is_not_sent(cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        choose(cast.ben, {"in_page": News.values, "by_email": [News.MENTION]}, "at_once")
    mail_due()
    (raw,) = mails(cast)
    assert mail.parse(raw).subject == "Ana mentions you · #1 The pump leaks"


def test_a_notification_that_is_forwarded_to_the_team_is_a_loop_and_no_ticket(
    cast: Cast, ticket: Ticket
) -> None:
    mail_due()
    (raw,) = mails(cast)
    assert receive(cast.dealer.id, raw).outcome == "loop"
    with company(cast.dealer.id):
        assert Ticket.objects.count() == 1
        assert Notification.objects.filter(mail_due_at__isnull=False).count() == 0


def test_an_advisors_answer_to_a_notification_becomes_a_note(cast: Cast, ticket: Ticket) -> None:
    """Behaviour 5, case 37; the advisor is recognised by what the trusted server says of the sender."""
    with company(cast.dealer.id):
        remember_ids(Message.objects.get(activity=desk.send(ticket, cast.ana)))
    mail_due()
    sent = mail.parse(mails(cast)[0])
    assert [box.address for box in sent.reply_to] == [cast.service_address]
    answer = letter(
        "ben@dealer.example",
        in_reply_to=sent.message_id,
        references=" ".join((*sent.references, sent.message_id)),
        headers={
            "Authentication-Results": "mx.dealer.example; dmarc=pass (p=reject) header.from=dealer.example"
        },
    )
    line = trace.received(
        helo="mx.dealer.example", peer="10.0.0.7", by="inbox.example", protocol="ESMTP", id="1", server="",
        recipients=[cast.service_address], at=timezone.now(),
    )  # fmt: skip
    [id] = deliver(line + answer)
    verify = Verifier(
        lookups=lambda: Zone({}),
        trusted_peers=[ip_network("10.0.0.0/8")],
        authserv_id="mx.dealer.example",
        trusted_sealers=(),
    )
    with company(cast.dealer.id):
        process_one(id, cast.dealer.id, now=timezone.now(), verify=verify)
        row = ReceivedMessage.objects.get(pk=id)
        assert (row.verdict, row.outcome) == ("pass", "ticket"), row.trace
        assert ticket.activities.filter(kind=Activity.Kind.NOTE, advisor=cast.ben).count() == 1
        assert Ticket.objects.count() == 1

"""Installations that answer each other, and floods of forged mail: automatic replies end by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from emailhub.accounts.models import Advisor, Company, Team
from emailhub.accounts.tenancy import company
from emailhub.desk.answer import Answer
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Message, Ticket
from emailhub.desk.open_ticket import open_ticket
from emailhub.desk.reply import reply
from emailhub.hub.automatic_replies import proposed_text, set_automatic_reply
from emailhub.intake.models import SentReply
from emailhub.mail import Mailbox
from emailhub.rules import Occasion, ReplyKind, choose
from tests.cast import CARLA, Cast
from tests.channels.smtp.sink import Sunk
from tests.letters import letter
from tests.post_office import PostOffice, raw_of, read
from tests.soak import scaled

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SERVICE, OFFICE = Cast.service_address, Cast.office_address
ABROAD = {SERVICE: "service@north.example", OFFICE: "office@south.example"}
"""How each of two installations knows the other's team: as a stranger's address."""


def acknowledge(firm: Company, team: Team, by: Advisor) -> None:
    texts = {"en": proposed_text(ReplyKind.ACKNOWLEDGEMENT, "en")}
    with company(firm.id):
        set_automatic_reply(team, ReplyKind.ACKNOWLEDGEMENT, enabled=True, texts=texts, by=by, now=NOW)


@pytest.fixture
def people(committed_cast: Cast) -> Cast:
    acknowledge(committed_cast.dealer, committed_cast.service, committed_cast.ana)
    acknowledge(committed_cast.farm, committed_cast.office, committed_cast.frank)
    return committed_cast


def carry_across(office: PostOffice, sunk: Sunk) -> None:
    """The world between two installations: what is local to one is foreign to the other."""
    raw = raw_of(sunk)
    (to,) = sunk.rcpt_to
    home = next((here for here, there in ABROAD.items() if there == to), to)
    other = OFFICE if home == SERVICE else SERVICE
    raw = raw.replace(to.encode(), home.encode()).replace(other.encode(), ABROAD[other].encode())
    office.send(raw, home, mail_from="" if sunk.mail_from.startswith("<>") else "bounces@elsewhere.example")


def exchange(office: PostOffice, people: Cast) -> list[Sunk]:
    """Carry mail to and fro until nobody has anything to say, and return what was said."""
    said: list[Sunk] = []
    for _ in range(20):
        new = office.work()
        if not new:
            return said
        said += new
        for sunk in new:
            carry_across(office, sunk)
    raise AssertionError([read(sunk).subject for sunk in said])


def write_to_the_office(people: Cast) -> None:
    """Ben opens a ticket with the office of the other installation."""
    with company(people.dealer.id):
        contact = create_contact(people.dealer, name="Office", address=ABROAD[OFFICE], confirmed_at=NOW)
        ticket = open_ticket(team=people.service, contact=contact, subject="A pump", by=people.ben, now=NOW)
        answer = Answer(
            to=(Mailbox("", ABROAD[OFFICE]),), subject="A pump", html="<p>Have you one?</p>", key=uuid4()
        )
        reply(ticket, answer, by=people.ben, now=NOW - timedelta(hours=1))


def test_two_installations_that_acknowledge_stop_after_one_mail_each(
    people: Cast, office: PostOffice
) -> None:
    write_to_the_office(people)
    said = exchange(office, people)
    assert [read(sunk).auto_submitted for sunk in said] == ["", "auto-replied"]
    for firm in (people.dealer, people.farm):
        with company(firm.id):
            assert Ticket.objects.count() == 1
            assert Message.objects.count() == 2


def test_even_if_the_other_side_marks_nothing_it_stops(people: Cast, office: PostOffice) -> None:
    """A responder that answers everything, with no header at all, from a new thread each time."""
    office.send(letter("robot@dumb.example", subject="0"), SERVICE, mail_from="robot@dumb.example")
    said = office.work()
    for number in range(1, 25):
        raw = letter("robot@dumb.example", subject=f"Thank you {number}")
        office.send(raw, SERVICE, mail_from="robot@dumb.example")
        said += office.work()
    assert len(said) == 1
    with company(people.dealer.id):
        assert Ticket.objects.count() == 1


def test_teams_of_one_installation_never_answer_each_other(people: Cast, office: PostOffice) -> None:
    office.send(letter(OFFICE, subject="Hello neighbour"), SERVICE, mail_from=OFFICE)
    office.send(letter(SERVICE, to=OFFICE, subject="Hello"), OFFICE, mail_from=SERVICE)
    assert office.work() == []


@pytest.mark.parametrize("number", [40, pytest.param(scaled(5_000), marks=pytest.mark.soak)])
def test_forged_mails_over_smtp_cost_a_victim_one_reply_and_all_victims_the_teams_cap(
    number: int, people: Cast, office: PostOffice
) -> None:
    one = [("mallory@evil.example", letter(CARLA, subject=f"Buy {n}")) for n in range(number)]
    many = [("mallory@evil.example", letter(f"v{n}@farm.example", subject="Buy")) for n in range(number)]
    office.send_all([*one, *many], SERVICE)
    said = office.work()
    recipients = [recipient for sunk in said for recipient in sunk.rcpt_to]
    assert recipients.count(CARLA) == 1
    assert len(recipients) == len(set(recipients)) == 30
    with company(people.dealer.id):
        assert SentReply.objects.count() == 30


def forged(number: int, *, victims: int) -> list[str]:
    """Ten thousand mails within the hour, decided on one after the other: who gets a reply."""
    sent: list[tuple[str, datetime]] = []
    for place in range(number):
        now, address = NOW + timedelta(seconds=place * 0.3), f"victim-{place % victims}@farm.example"
        occasion = Occasion(
            now=now,
            new_ticket=True,
            from_customer=True,
            acknowledges=True,
            tells_when_closed=True,
            address=address,
            sent_to_sender=tuple(at for to, at in sent if to == address),
            sent_to_strangers=sum(at > now - timedelta(hours=1) for _, at in sent),
        )
        if choose(occasion)[0] is not None:
            sent.append((address, now))
    return [address for address, _ in sent]


def test_ten_thousand_forged_mails_that_name_one_victim_bring_one_reply() -> None:
    assert forged(10_000, victims=1) == ["victim-0@farm.example"]


def test_ten_thousand_forged_mails_that_name_ten_thousand_victims_bring_the_teams_cap() -> None:
    assert len(forged(10_000, victims=10_000)) == 30

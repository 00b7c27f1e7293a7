"""behaviour.md section 6, 1 to 3 and 10 to 18: over SMTP wherever mail is part of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from emailhub.accounts.models import Advisor, Company, Role, Team
from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import add_email
from emailhub.desk.models import Ticket
from emailhub.hub.addresses import generate_new_address, set_sender
from emailhub.hub.automatic_replies import proposed_text, set_automatic_reply
from emailhub.hub.identity import (
    set_display_name,
    set_display_name_in_automatic_replies,
    set_known_contacts_only,
    switch_on,
)
from emailhub.hub.models import HubAddress, InboundRule
from emailhub.hub.rules import RuleForm, create_rule, move_rule
from emailhub.intake.explain import explain_raw
from emailhub.intake.held import held_for, release, restore
from emailhub.intake.models import ReceivedMessage
from emailhub.rules import Action, Append, Decision, Hold, Ignore, NewTicket, ReplyKind
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import CARLA, JON, MALLORY, Cast
from tests.letters import letter
from tests.post_office import PostOffice, read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SERVICE = Cast.service_address
PUMP = (Condition(Field.SUBJECT, Operator.CONTAINS, ("pump",)),)


@pytest.fixture
def people(committed_cast: Cast) -> Cast:
    return committed_cast


def rule(people: Cast, action: Action, **changes: object) -> InboundRule:
    with company(people.dealer.id):
        form = RuleForm(str(action), PUMP, action, **changes)  # type: ignore[arg-type]
        return create_rule(people.service, form, by=people.ana, now=NOW)


def receive(office: PostOffice, people: Cast, raw: bytes, mail_from: str = CARLA) -> ReceivedMessage:
    """Send by SMTP, let the workers work, and return the row. The bench must have said the same before."""
    with company(people.dealer.id):
        foretold = explain_raw(people.service, raw, mail_from=mail_from, now=timezone.now()).decision
    office.send(raw, SERVICE, mail_from=mail_from)
    office.work()
    with company(people.dealer.id):
        row = ReceivedMessage.objects.select_related(
            "filed_as__ticket__team", "filed_as__ticket__assignee", "rule"
        ).latest("id")
        assert_foretold(foretold, row)
    return row


def assert_foretold(foretold: Decision, row: ReceivedMessage) -> None:
    """Scenario 15: the bench agrees with the pipeline, of which only the database is asked."""
    match foretold:
        case Ignore(rule_id):
            assert (row.outcome, row.rule_id) == ("ignored", rule_id)
        case Hold(reason):
            assert (row.outcome, row.reason) == ("held", f"held_{reason}")
        case Append(ticket_id):
            assert row.filed_as.ticket_id == ticket_id
        case NewTicket(team_id):
            ticket = row.filed_as.ticket
            assert (ticket.team_id, ticket.assignee_id) == (team_id, foretold.assignee_id)
            assert row.filed_as.activity_id == ticket.activities.order_by("id")[1].id
        case _:
            raise AssertionError(foretold)


def ticket_of(row: ReceivedMessage) -> Ticket:
    assert row.filed_as is not None, row.trace
    return row.filed_as.ticket


def test_1_to_3_addresses_are_generated_told_apart_and_kept(people: Cast, office: PostOffice) -> None:
    dealership = Company.objects.create(name="Dealership", slug="dealership", language="en")
    with company(dealership.id):
        first, second = (Team.objects.create(company=dealership, name="Support") for _ in range(2))
        boss = Advisor.objects.create(company=dealership, user=people.olga.user, role=Role.ADMIN)
        for team in (first, second):
            switch_on(team, by=boss, now=NOW)
        addresses = HubAddress.objects.filter(company=dealership).order_by("id")
        assert [(row.address, row.is_sender) for row in addresses] == [
            ("support.dealership@inbox.example", True),
            ("support.dealership-2@inbox.example", True),
        ]
        first.name = "Help"
        first.save()
        new = generate_new_address(first, by=boss, now=NOW)
        assert new.address == "help.dealership@inbox.example"
    office.send(letter(CARLA, to=new.address), new.address)
    office.send(letter(JON, to="support.dealership@inbox.example"), "support.dealership@inbox.example")
    office.work()
    with company(dealership.id):
        assert set(Ticket.objects.values_list("team_id", flat=True)) == {first.id}
        assert Ticket.objects.count() == 2
        set_sender(first, new.id, by=boss, now=NOW)
        senders = HubAddress.objects.filter(team=first, is_sender=True)
        assert [row.address for row in senders] == ["help.dealership@inbox.example"]


def test_10_create_new_beside_an_open_ticket_and_answers_thread(people: Cast, office: PostOffice) -> None:
    first = ticket_of(receive(office, people, letter(CARLA, subject="Lamp")))
    rule(people, Action.CREATE_NEW)
    row = receive(office, people, letter(CARLA, subject="The pump"))
    assert ticket_of(row) != first
    answer = letter(CARLA, subject="Re: The pump", in_reply_to=row.message_id)
    assert ticket_of(receive(office, people, answer)) == ticket_of(row)


def test_11_ignored_mail_is_listed_and_can_be_restored(people: Cast, office: PostOffice) -> None:
    rule(people, Action.IGNORE)
    row = receive(office, people, letter(CARLA))
    assert row.outcome == "ignored"
    with company(people.dealer.id):
        assert not Ticket.objects.exists()
        assert restore(row, by=people.ben, now=NOW).ticket.contact == people.carla


def test_12_a_route_to_a_team_is_unassigned_and_not_seen_by_the_receiving_team(
    people: Cast, office: PostOffice
) -> None:
    rule(people, Action.ROUTE_TO_TEAM, to_team_id=people.parts.id)
    ticket = ticket_of(receive(office, people, letter(CARLA)))
    assert (ticket.team, ticket.assignee) == (people.parts, None)
    with company(people.dealer.id):
        assert not Ticket.objects.visible_to(people.ben).exists()
        assert Ticket.objects.visible_to(people.pat).get() == ticket


def test_13_a_route_to_an_advisor_and_the_same_when_they_have_left(people: Cast, office: PostOffice) -> None:
    routed = rule(people, Action.ROUTE_TO_ADVISOR, to_advisor_id=people.ben.id)
    assert ticket_of(receive(office, people, letter(CARLA))).assignee == people.ben
    with company(people.dealer.id):
        people.ben.memberships.all().delete()
    assert ticket_of(receive(office, people, letter(JON), JON)).assignee is None
    with company(people.dealer.id):
        routed.refresh_from_db()
    assert routed.broken_since is not None


def test_14_of_two_rules_the_upper_one_and_after_reordering_the_other(
    people: Cast, office: PostOffice
) -> None:
    ignoring = rule(people, Action.IGNORE)
    rule(people, Action.CREATE_NEW)
    assert receive(office, people, letter(CARLA)).outcome == "ticket"
    with company(people.dealer.id):
        move_rule(ignoring, 0, by=people.ana, now=NOW)
    assert receive(office, people, letter(CARLA)).outcome == "ignored"


def test_16_known_contacts_only(people: Cast, office: PostOffice) -> None:
    acknowledge(people)
    with company(people.dealer.id):
        set_known_contacts_only(people.service, True, by=people.ana, now=NOW)
        add_email(people.carla, "second@customer.example")
    assert receive(office, people, letter(MALLORY), MALLORY).outcome == "held"
    assert office.sink.mails == []
    first = receive(office, people, letter("second@customer.example", cc=JON, subject="Lamp"))
    assert ticket_of(first).contact_id == people.carla.id
    answer = letter(JON, subject="Re: Lamp", in_reply_to=first.message_id)
    assert ticket_of(receive(office, people, answer, JON)) == ticket_of(first)
    with company(people.dealer.id):
        (held,) = held_for(people.ben)
        assert release(held, add_contact=True, by=people.ben, now=NOW).ticket.contact.confirmed_at == NOW
    office.work()
    assert [sunk.rcpt_to for sunk in office.sink.mails] == [("second@customer.example",)]


def acknowledge(people: Cast) -> None:
    texts = {"en": proposed_text(ReplyKind.ACKNOWLEDGEMENT, "en")}
    with company(people.dealer.id):
        set_automatic_reply(
            people.service, ReplyKind.ACKNOWLEDGEMENT, enabled=True, texts=texts, by=people.ana, now=NOW
        )


def test_17_the_name_of_an_automatic_reply_on_the_wire(people: Cast, office: PostOffice) -> None:
    acknowledge(people)
    with company(people.dealer.id):
        set_display_name(people.service, "Soporte Campo Verde", by=people.ana, now=NOW)
    receive(office, people, letter(CARLA))
    with company(people.dealer.id):
        set_display_name_in_automatic_replies(people.service, True, by=people.ana, now=NOW)
    receive(office, people, letter(JON), JON)
    senders = [read(sunk).sender for sunk in office.sink.mails]
    assert [sender.name for sender in senders if sender] == ["Dealer Group", "Soporte Campo Verde"]
    assert {sunk.mail_from.partition(" ")[0] for sunk in office.sink.mails} == {"<>"}


def test_18_to_whom_no_automatic_reply_goes(people: Cast, office: PostOffice) -> None:
    acknowledge(people)
    for headers in (
        {"Auto-Submitted": "auto-replied"},
        {"List-Id": "<news.example>"},
        {"Precedence": "bulk"},
    ):
        receive(office, people, letter(CARLA, subject=str(headers), headers=headers))
    office.send(letter(JON), SERVICE, mail_from="")
    office.send(letter(SERVICE), SERVICE, mail_from=MALLORY)
    office.work()
    assert office.sink.mails == []
    receive(office, people, letter("new@farm.example", subject="Once"), "new@farm.example")
    receive(office, people, letter("new@farm.example", subject="Twice"), "new@farm.example")
    assert [sunk.rcpt_to for sunk in office.sink.mails] == [("new@farm.example",)]

"""Test bench and dry run against what generated mails then really did over SMTP: 200 in `make test-all`."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from emailhub.hub.inbound_rule import InboundRule
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.intake.accept import route_for
from emailhub.intake.dry_run import DryRun, dry_run
from emailhub.intake.explain import explain
from emailhub.intake.models import ReceivedMessage
from emailhub.rules import Action, Decision, Ignore, NewTicket
from emailhub.rules.matching import Condition, Field, Operator
from tests.cast import Cast
from tests.letters import letter
from tests.post_office import PostOffice
from tests.soak import SEED, scaled

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SERVICE = Cast.service_address
SUBJECTS = ("The pump leaks", "Invoice 17", "Presupuesto bomba", "Newsletter", "A question", "")
TEXTS = ("Good morning.", "Please send an offer for a PUMP.", "Dé de baja, por favor.", "Thanks")


def generated(generator: random.Random, number: int, round_: str) -> tuple[str, bytes]:
    """The same mail in each round, but for who sends it: nobody writes twice."""
    domain = generator.choice(("farm.example", "shop.example", "mail.shop.example"))
    sender = f"person-{round_}-{number}@{domain}"
    headers = {"Precedence": "bulk"} if generator.random() < 0.1 else {}
    files = (("offer.pdf", "application/pdf", b"%PDF"),) if generator.random() < 0.2 else ()
    raw = letter(
        f"Person {number} <{sender}>",
        subject=generator.choice(SUBJECTS),
        text=generator.choice(TEXTS),
        cc="jon@workshop.example" if generator.random() < 0.2 else "",
        headers=headers,
        files=files,
    )
    return sender, raw


def of(field: str, operator: str, *values: str) -> Condition:
    return Condition(Field(field), Operator(operator), values)


def forms(people: Cast) -> list[RuleForm]:
    """The lowest first. The last one is the one that is tried."""
    return [
        RuleForm("Bulk", (of("automatic", "is", "yes"),), Action.IGNORE),
        RuleForm(
            "Shops",
            (of("sender_domain", "is_or_subdomain", "shop.example"), of("has_attachment", "is", "yes")),
            Action.ROUTE_TO_TEAM,
            to_team_id=people.parts.id,
        ),
        RuleForm(
            "Pumps",
            (of("subject", "contains", "pump", "bomba"), of("body", "contains", "pump")),
            Action.ROUTE_TO_ADVISOR,
            match_all=False,
            to_advisor_id=people.ben.id,
        ),
    ]


def really(row: ReceivedMessage) -> tuple[object, ...]:
    """What became of a mail, as the database has it."""
    if row.outcome == "ignored":
        return ("ignored", row.rule_id)
    ticket = Ticket.objects.get(messages__deliveries=row)
    return ("ticket", ticket.team_id, ticket.assignee_id)


def foreseen(decision: Decision, rule_id: int | None = None) -> tuple[object, ...]:
    """The same of a decision. A rule that was only tried had no id yet."""
    match decision:
        case Ignore():
            return ("ignored", rule_id or decision.rule_id)
        case NewTicket():
            return ("ticket", decision.team_id, decision.assignee_id)
    raise AssertionError(decision)


def rows() -> list[ReceivedMessage]:
    return list(ReceivedMessage.objects.order_by("id"))


@pytest.mark.parametrize("number", [40, pytest.param(scaled(200), marks=pytest.mark.soak)])
def test_bench_and_dry_run_say_what_then_happens(
    number: int, committed_cast: Cast, office: PostOffice
) -> None:
    people, bulk_and_shops = committed_cast, forms(committed_cast)[:-1]
    tried = forms(people)[-1]
    with company(people.dealer.id):
        for form in bulk_and_shops:
            create_rule(people.service, form, by=people.ana, now=NOW)

    generator = random.Random(SEED)
    office.send_all([generated(generator, n, "one") for n in range(number)], SERVICE)
    office.work()
    with company(people.dealer.id):
        first = rows()
        before = [really(row) for row in first]
        run = dry_run(people.service, tried, by=people.ana, now=timezone.now())
        create_rule(people.service, tried, by=people.ana, now=NOW)

    generator = random.Random(SEED)
    told = []
    for place in range(number):
        sender, raw = generated(generator, place, "two")
        route = route_for(SERVICE)
        assert route is not None
        told.append(foreseen(explain(raw, route, mail_from=sender, now=timezone.now()).decision))
        office.send(raw, SERVICE, mail_from=sender)
        office.work()
    with company(people.dealer.id):
        after = [really(row) for row in rows()[number:]]
    assert told == after

    assert run.mails == number
    expected = foreseen_by(run, first, before)
    assert expected == after
    assert run.changed == sum(was != became for was, became in zip(before, after, strict=True))
    assert run.changed > number / 6
    assert sum(run.by_day.values()) == run.changed


def foreseen_by(run: DryRun, first: list[ReceivedMessage], before: list[tuple[object, ...]]) -> list[object]:
    changed = {change.row.pk: foreseen(change.after) for change in run.changes}
    for change in run.changes:
        assert foreseen(change.before) == before[[row.pk for row in first].index(change.row.pk)]
    return [changed.get(row.pk, was) for row, was in zip(first, before, strict=True)]


def test_a_dry_run_of_an_edited_rule_takes_it_at_its_place(committed_cast: Cast, office: PostOffice) -> None:
    people = committed_cast
    pump = (of("subject", "contains", "pump"),)
    with company(people.dealer.id):
        lower = create_rule(people.service, RuleForm("All", pump, Action.IGNORE), by=people.ana, now=NOW)
        upper = create_rule(people.service, RuleForm("New", pump, Action.CREATE_NEW), by=people.ana, now=NOW)
    office.send_all([(f"p{n}@farm.example", letter(f"p{n}@farm.example")) for n in range(5)], SERVICE)
    office.work()
    with company(people.dealer.id):
        narrow = RuleForm("New", (of("sender_address", "starts_with", "p0"), *pump), Action.CREATE_NEW)
        run = dry_run(people.service, narrow, replaces=upper, by=people.ana, now=timezone.now())
        assert (run.mails, run.matched, run.changed) == (5, 1, 4)
        assert {type(change.after) for change in run.changes} == {Ignore}
        off = RuleForm("New", pump, Action.CREATE_NEW, enabled=False)
        assert dry_run(people.service, off, replaces=upper, by=people.ana, now=timezone.now()).changed == 5
        same = dry_run(
            people.service, RuleForm("All", pump, Action.IGNORE), replaces=lower, by=people.ana, now=NOW
        )
        assert (same.matched, same.changed) == (0, 0)
        assert InboundRule.objects.count() == 2
        assert Ticket.objects.count() == 5
